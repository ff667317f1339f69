"""`{% picture %}`: a picture in the sizes and formats a browser may choose from."""

from django import template

from pages.pictures import KINDS, SHAPES

register = template.Library()

CROPS = ("thumb",)


@register.inclusion_tag("partials/picture.html")
def picture(record, sizes="100vw", crop=""):
    """`<picture>` for a `Pictured` record, or nothing where it has none.

    `sizes` is the HTML attribute, `crop="thumb"` shows the square around the focal point. A record with
    `loads_at_once` is fetched first; every other picture waits until it comes near.
    """
    if crop and crop not in CROPS:
        raise template.TemplateSyntaxError(f"picture cannot crop to {crop!r}; it knows {', '.join(CROPS)}.")
    file = record.picture
    if not file:
        return {}
    shape = crop or "whole"
    offers = {kind: file.renditions(shape, kind) for kind in SHAPES[shape].kinds}
    if not offers["jpeg"]:
        return {}
    return {
        "sources": [
            {"type": KINDS[kind].content_type, "renditions": renditions}
            for kind, renditions in offers.items()
            if kind != "jpeg"
        ],
        "fallbacks": offers["jpeg"],
        "largest": offers["jpeg"][-1],
        "sizes": sizes,
        "alt": "" if record.decorative else record.picture_alt,
        "loads_at_once": getattr(record, "loads_at_once", False),
    }
