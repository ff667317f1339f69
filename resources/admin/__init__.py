"""What staff keep of crisis help and of the library, the most used first."""

# isort: off
from resources.admin.lines import CrisisLineAdmin
from resources.admin.places import PlaceAdmin
from resources.admin.library import ResourceAdmin, TermAdmin

__all__ = ["CrisisLineAdmin", "PlaceAdmin", "ResourceAdmin", "TermAdmin"]
