"""Uploads, answered by the app itself where no web server or object storage stands before it."""

import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

PICTURES = {
    ".avif": "image/avif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
DOCUMENTS = {
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".ics": "text/calendar; charset=utf-8",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".txt": "text/plain; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Answered as something to save, so that nothing in them ever runs in the site's name."""
HASHED = re.compile(r"-[0-9a-f]{12,}\.\w+")
"""The end of a name that was made of the content (`pages.pictures.hashed_name`, and imagefield's renditions)."""
FOREVER = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def serve(request, name):
    """One file below MEDIA_ROOT, or 404 for everything that is not a picture or document there."""
    path = _path(name)
    kind = path.suffix.lower()
    found = path.stat()
    changed = int(found.st_mtime)
    etag = quote_etag(f"{found.st_mtime_ns:x}-{found.st_size:x}")
    response = get_conditional_response(request, etag=etag, last_modified=changed)
    if response is None:
        response = FileResponse(
            path.open("rb"),
            content_type=PICTURES.get(kind) or DOCUMENTS[kind],
            as_attachment=kind in DOCUMENTS,
            filename=path.name,
        )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = FOREVER if kind in PICTURES and HASHED.search(path.name) else AN_HOUR
    return guarded(response)


serve.needs_no_identity = True


def guarded(response):
    """Headers under which a browser shows a file but never runs it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response


def _path(name):
    """The file an address means. Hidden ones and links that lead out of the folder do not count."""
    if any(part.startswith(".") for part in name.split("/")):
        raise Http404
    root = Path(settings.MEDIA_ROOT).resolve()
    try:
        path = (root / name.lstrip("/")).resolve(strict=True)
        if not path.is_relative_to(root) or not path.is_file():
            raise Http404
    except (OSError, ValueError, RuntimeError):  # missing, too long, a null byte, a circle of links
        raise Http404 from None
    if path.suffix.lower() not in PICTURES | DOCUMENTS:
        raise Http404
    return path
