import pytest
from django.db import transaction
from django.test import override_settings

from cacita import starter
from pages.pictures import PictureFile


@pytest.fixture(scope="module", params=["cacita", "lacit"])
def site(request, django_db_setup, django_db_blocker, tmp_path_factory):
    """One load for all tests of an association, taken back afterwards. Renditions are not needed here."""
    patch = pytest.MonkeyPatch()
    patch.setattr(PictureFile, "make_renditions", lambda self: None)
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, transaction.atomic():
        starter.load(request.param, dates="as-printed")
        yield request.param
        transaction.set_rollback(True)
    patch.undo()
