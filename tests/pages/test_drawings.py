"""What of an SVG drawing may become a logo."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from pages.drawings import MOST_BYTES, checked, validate_logo
from pages.models import Identity
from tests.factories import make_identity, make_picture_bytes

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 24">{}</svg>'
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" aria-hidden="true" focusable="false" '
    'viewBox="0 0 48 24" width="48" height="24"'
)


def file(text, name="logo.svg"):
    return ContentFile(text.encode() if isinstance(text, str) else text, name=name)


def drawing(shapes):
    return checked(file(SVG.format(shapes))).drawing


def test_shapes_are_kept():
    shapes = (
        '<g transform="translate(1, 2) rotate(-45)" opacity=".5">'
        '<path d="M2 22.5C3.5 35 11.5 43.5 22.7 44.5z" fill="var(--logo-brand, var(--brand, #0b5a8c))"/>'
        '<circle cx="4" cy="5" r="1e1" stroke="rgb(1, 2, 3)" stroke-width="2.6" stroke-linecap="round"/>'
        '<polygon points="0,0 4,4 0,4" fill-rule="evenodd"/></g>'
    )
    assert drawing(shapes) == f"{HEAD}>{shapes}</svg>"


def test_starter_logos_are_kept_as_they_are_drawn():
    for site in ("cacita", "lacit"):
        source = settings.BASE_DIR / "starter" / site / "files" / "logo.svg"
        logo = checked(file(source.read_bytes()))
        assert logo.drawing.count("<path") == source.read_text().count("<path")
        assert (logo.width, logo.height) == (48, 48)


def test_harmless_extras_are_dropped():
    extras = '<!-- made by hand --><title>A <b xmlns="http://www.w3.org/2000/svg"/></title>'
    with pytest.raises(ValidationError, match="It holds “b”"):
        drawing(extras)
    kept = drawing(
        '<!-- note --><title>Poppy</title><desc>A poppy</desc><g id="a" class="b" data-name="c"> <path d="M0 0"/>\n</g>'
    )
    assert kept == f'{HEAD}><g><path d="M0 0"/></g></svg>'


def test_size_comes_from_the_view_box():
    logo = checked(file(SVG.format("").replace("0 0 48 24", '-10 -10 120.4,30" width="100%" height="3in')))
    assert (logo.width, logo.height) == (120, 30)
    assert 'viewBox="-10 -10 120.4 30" width="120" height="30"' in logo.drawing


BAD = {
    "script": ("<script>alert(1)</script>", "It holds “script”"),
    "style": ("<style>*{fill:red}</style>", "It holds “style”"),
    "foreign object": ("<foreignObject/>", "It holds “foreignObject”"),
    "use": ('<use href="#a"/>', "It holds “use”"),
    "image": ('<image href="https://example.org/a.png"/>', "It holds “image”"),
    "link": ('<a href="javascript:alert(1)"><path d="M0 0"/></a>', "It holds “a”"),
    "animation": ('<animate attributeName="href" values="javascript:alert(1)"/>', "It holds “animate”"),
    "text": ("<text>hello</text>", "It holds “text”"),
    "loose text": ("<g>hello</g>", "It holds text."),
    "character data": ("<g><![CDATA[<script>]]></g>", "It holds text."),
    "second svg": ("<svg/>", "An SVG drawing begins with one “svg” element"),
    "html": ('<p xmlns="http://www.w3.org/1999/xhtml">a</p>', "It holds “p”"),
    "foreign namespace": ('<x:path xmlns:x="http://example.org/" d="M0 0"/>', "It holds “path”"),
    "handler": ('<path onload="alert(1)" d="M0 0"/>', "It uses “onload”"),
    "handler in capitals": ('<path OnClick="alert(1)"/>', "It uses “OnClick”"),
    "style attribute": ('<path style="fill:red"/>', "It uses “style”"),
    "address": ('<path href="https://example.org/"/>', "It uses “href”"),
    "old address": ('<path xmlns:x="http://www.w3.org/1999/xlink" x:href="#a"/>', "It uses “href”"),
    "clip path": ('<path clip-path="circle(1)"/>', "It uses “clip-path”"),
    "fetched paint": ('<path fill="url(https://example.org/a)"/>', "Its “fill” is “url(https://example.org/a)”"),
    "reference": ('<path fill="url(#a)"/>', "Its “fill” is “url(#a)”"),
    "reference with space": ('<path fill="url (#a)"/>', "Its “fill” is"),
    "reference in capitals": ('<path fill="URL(#a)"/>', "Its “fill” is"),
    "escaped": (r'<path fill="\75 rl(#a)"/>', "Its “fill” is"),
    "expression": ('<path fill="expression(1)"/>', "Its “fill” is"),
    "several rules": ('<path fill="red;background:blue"/>', "Its “fill” is"),
    "markup in a value": ('<path fill="&quot;&gt;&lt;script&gt;"/>', "Its “fill” is"),
    "not closed": ("<g>", "It is broken"),
    "unknown entity": ("<g>&lol;</g>", "It is broken"),
}


@pytest.mark.parametrize(("shapes", "reason"), BAD.values(), ids=BAD)
def test_bad_shape_is_refused_with_the_reason(shapes, reason):
    with pytest.raises(ValidationError) as refused:
        drawing(shapes)
    assert refused.value.message.startswith(f"We cannot use “logo.svg”. {reason}")


ENTITIES = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
WHOLE = {
    "entities": (ENTITIES + SVG.format("<g>&b;</g>"), "It declares a document type."),
    "file": (OUTSIDE + SVG.format("<g>&a;</g>"), "It declares a document type."),
    "style sheet": ('<?xml-stylesheet href="a.css"?>' + SVG.format(""), "It refers to a style sheet or program."),
    "html": ("<html><svg/></html>", "It holds “html”"),
    "no namespace": ('<svg viewBox="0 0 1 1"/>', "It holds “svg”"),
    "no view box": ('<svg xmlns="http://www.w3.org/2000/svg"/>', "Its “svg” element has no usable “viewBox”."),
    "flat view box": (SVG.format("").replace("0 0 48 24", "0 0 0 24"), "Its “svg” element has no usable “viewBox”."),
    "endless view box": (SVG.format("").replace("0 0 48 24", "0 0 inf nan"), "Its “svg” element has no usable"),
    "other encoding": (SVG.format("").encode("utf-16"), "It is broken"),
    "claimed encoding": ('<?xml version="1.0" encoding="utf-7"?>' + SVG.format("+ADw-script+AD4-"), "It holds text."),
    "too large": (SVG.format(" " * MOST_BYTES), "A drawing has at most 64 kB."),
    "empty": ("", "It is broken or not a picture."),
    "script": ("alert(1)", "It is broken or not a picture."),
}


@pytest.mark.parametrize(("content", "reason"), WHOLE.values(), ids=WHOLE)
def test_bad_file_is_refused_with_the_reason(content, reason):
    with pytest.raises(ValidationError) as refused:
        validate_logo(file(content))
    assert refused.value.message.startswith(f"We cannot use “logo.svg”. {reason}")


def test_deep_nesting_is_read_without_falling_over():
    assert drawing("<g>" * 4000 + "</g>" * 4000).count("<g>") == 4000


def test_identity_keeps_the_drawing_and_its_size(db):
    make_identity(logo=file(SVG.format('<path d="M0 0" id="a"/>')), logo_alt="A line")
    identity = Identity.load()
    assert identity.logo_drawing == f'{HEAD}><path d="M0 0"/></svg>'
    assert (identity.logo_width, identity.logo_height) == (48, 24)
    assert Path(identity.logo.path).read_text() == identity.logo_drawing


def test_identity_stores_a_logo_of_pixels_like_any_picture(db):
    source = make_picture_bytes(size=(300, 100), comment=b"made by somebody")
    make_identity(logo=file(source, "logo.svg"), logo_alt="A picture")
    identity = Identity.load()
    assert (identity.logo_drawing, identity.logo_width, identity.logo_height) == ("", 300, 100)
    assert identity.logo.name.endswith(".jpg")
    assert b"somebody" not in Path(identity.logo.path).read_bytes()


def test_identity_saved_again_keeps_its_logo_and_one_file(db):
    for _time in range(2):
        make_identity(logo=file(SVG.format("")), logo_alt="Nothing")
    identity = Identity.load()
    Path(identity.logo.path).unlink()
    identity.save()
    identity.full_clean()
    assert identity.logo_drawing.startswith("<svg ")
    assert list(Path(identity.logo.path).parent.iterdir()) == []
    identity.logo = ""
    identity.save()
    assert (identity.logo_drawing, identity.logo_width, identity.logo_height) == ("", None, None)


def test_identity_refuses_a_bad_logo_beside_the_field_and_on_save(db):
    identity = Identity(name="A", short_name="A", mission="A", logo=file(SVG.format("<script/>")), logo_alt="A")
    with pytest.raises(ValidationError) as refused:
        identity.full_clean()
    assert list(refused.value.message_dict) == ["logo"]
    with pytest.raises(ValidationError, match="It holds “script”"):
        identity.save()
    assert Identity.objects.count() == 0
