"""The icons of browser tabs and home screens: from the identity's icon and logo, or drawn in its colours."""

import hashlib
import re
from functools import lru_cache
from io import BytesIO

from django.http import Http404, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe
from PIL import Image, ImageDraw, ImageOps

from cacita.uploads import guarded
from pages.colour import INK, PAPER
from pages.pictures import READ

A_DAY = "public, max-age=86400"
"""Browsers ask for icons by fixed names, so a changed icon must find its way to them."""
APP_SIDES = (192, 512)
"""What browsers ask of an app on a home screen, in pixels: https://www.w3.org/TR/appmanifest/#icons-member"""
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
SUNRISE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" width="48" height="48">'
    '<circle cx="24" cy="24" r="24" fill="var(--brand)"/><circle cx="24" cy="30" r="11" fill="var(--accent)"/>'
    '<path d="M.75 30A24 24 0 0 0 47.25 30z" fill="var(--brand)"/>'
    '<path d="M.75 30H47.25" stroke="var(--paper)" stroke-width="3"/></svg>'
)
"""What stands for an association that has no logo yet; `_sunrise` draws the same in pixels."""


@require_safe
def favicon(request):
    content = BytesIO()
    _square(request.identity, 32).save(content, "ICO", sizes=[(32, 32)])
    return _answer(request, content.getvalue(), "image/x-icon")


@require_safe
def touch_icon(request):
    return _on_paper(request, 180)


@require_safe
def app_icon(request, side):
    """For a home screen that shows the icon as it is."""
    return _on_paper(request, _asked(side))


@require_safe
def app_icon_maskable(request, side):
    """For a home screen that cuts its own shape out of the icon, down to a circle of four fifths of its width:
    https://www.w3.org/TR/appmanifest/#icon-masks."""
    return _on_paper(request, _asked(side), share=0.7)


def _asked(side):
    """The side of an app's icon in pixels, one of those the app names."""
    if side not in APP_SIDES:
        raise Http404
    return side


@require_safe
def drawing(request):
    identity = request.identity
    svg = coloured(identity.logo_drawing or SUNRISE, identity.brand, identity.accent)
    return _answer(request, svg.encode(), "image/svg+xml")


def coloured(svg, brand, accent):
    """The drawing with these colours in place of the page's variables, and lighter ones for dark tabs."""
    known = {"--brand": brand, "--logo-brand": brand, "--accent": accent, "--paper": PAPER, "--logo-cut": PAPER}

    def value(found):
        return known.get(found[1]) or (found[2] or brand).strip()

    replaced = 1
    while replaced:
        svg, replaced = VARIABLE.subn(value, svg)
    rules = "".join(
        f'[{name}="{colour}"]{{{name}:{dark}}}'
        for colour, dark in ((brand, _lighter(brand)), (PAPER, INK))
        for name in ("fill", "stroke")
    )
    head, bracket, shapes = svg.partition(">")
    return f"{head}{bracket}<style>@media(prefers-color-scheme:dark){{{rules}}}</style>{shapes}"


def _lighter(colour):
    """Half way to white."""
    return "#" + "".join(f"{(int(colour[i : i + 2], 16) + 255) // 2:02x}" for i in (1, 3, 5))


def _square(identity, side):
    """The icon as RGBA, cut to a square around its focal point; the built-in one where there is none."""
    if identity.icon:
        focal_point = tuple(identity.icon._ppoi())
        try:
            return _cut(identity.icon.storage, identity.icon.name, focal_point, side)
        except OSError:  # the file is lost; a page is better off with any icon
            pass
    return _sunrise(identity.brand, identity.accent, side)


@lru_cache(maxsize=8)
def _cut(storage, name, focal_point, side):
    """The name changes with the content, so what was made once stays right."""
    with storage.open(name) as file, Image.open(file, formats=READ) as image:
        return ImageOps.fit(image.convert("RGBA"), (side, side), Image.Resampling.LANCZOS, centering=focal_point)


@lru_cache(maxsize=8)
def _sunrise(brand, accent, side):
    size = side * 4
    unit = size / 48
    image = Image.new("RGBA", (size, size), PAPER + "00")
    draw = ImageDraw.Draw(image)
    draw.circle((24 * unit, 24 * unit), 24 * unit, brand)
    draw.circle((24 * unit, 30 * unit), 11 * unit, accent)
    draw.chord((0, 0, size, size), 14.5, 165.5, brand)
    draw.line((0.75 * unit, 30 * unit, 47.25 * unit, 30 * unit), PAPER, round(3 * unit))
    return image.resize((side, side), Image.Resampling.LANCZOS)


def _on_paper(request, side, share=1):
    """Home screens show no transparency, so the icon stands on paper, as wide as its share of it."""
    ground = Image.new("RGB", (side, side), PAPER)
    icon = _square(request.identity, round(side * share))
    margin = (side - icon.width) // 2
    ground.paste(icon, (margin, margin), mask=icon)
    content = BytesIO()
    ground.save(content, "PNG", optimize=True)
    return _answer(request, content.getvalue(), "image/png")


def _answer(request, content, content_type):
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:16])
    response = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=content_type)
    response["ETag"] = etag
    response["Cache-Control"] = A_DAY
    return guarded(response)
