import pytest
from django.core.files.storage import storages

from tests.contact.provider import giving, standin

__all__ = ["giving", "private", "standin"]


@pytest.fixture
def private(tmp_path, monkeypatch):
    """The private storage in a folder of this test's own; returns the names of all files in it when called."""
    folder = tmp_path / "private"
    monkeypatch.setitem(storages["private"].__dict__, "location", str(folder))

    def names():
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    names.folder = folder
    return names
