"""What staff keep of crisis help, the most used first."""

# isort: off
from resources.admin.lines import CrisisLineAdmin
from resources.admin.places import PlaceAdmin

__all__ = ["CrisisLineAdmin", "PlaceAdmin"]
