"""SVG drawings an editor uploads as logo: only shapes, nothing that can run, load or point elsewhere."""

import re
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from pages import pictures

MOST_BYTES = 64 * 1024
NAMESPACE = "http://www.w3.org/2000/svg"
DRAWN = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"}
LEFT_OUT = {"title", "desc"}
"""Allowed in the file, but not drawn: on a page the name of the association stands beside its logo."""
# fmt: off
KEPT = {
    "viewBox", "width", "height", "preserveAspectRatio", "transform", "display", "d", "points", "cx", "cy", "r",
    "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "pathLength", "fill", "fill-opacity", "fill-rule", "clip-rule",
    "color", "opacity", "vector-effect", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width",
}
# fmt: on
IGNORED = {"id", "class", "version", "role", "focusable", "baseProfile"}
"""Harmless, and without effect once nothing can refer to them; dropped, as are `aria-…` and `data-…`."""
VALUE = re.compile(r"[\w\s.,#%()+-]*")
FUNCTION = re.compile(r"([\w-]*)\s*\(")
FUNCTIONS = {"var", "rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewX", "skewY"}
HEAD = {"xmlns": NAMESPACE, "aria-hidden": "true", "focusable": "false"}


class CheckedLogo(ContentFile):
    """A logo written by us. `drawing` is the markup of an SVG, empty for a picture of pixels."""

    def __init__(self, content, name, width, height, drawing=""):
        super().__init__(content, name=name)
        self.width = width
        self.height = height
        self.drawing = drawing


def validate_logo(file):
    """Refuse an upload that is neither a plain drawing nor a picture. A logo stored before is not read again."""
    if not getattr(file, "_committed", False):
        checked(file)


def checked(file):
    """The upload as a `CheckedLogo`; raises ValidationError with a sentence for the editor."""
    file.seek(0)
    start = file.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    if not start.startswith(b"<"):
        picture = pictures.checked(file)
        return CheckedLogo(picture.read(), picture.name, picture.width, picture.height)
    drawing, width, height = _redrawn(file)
    content = drawing.encode()
    return CheckedLogo(content, pictures.hashed_name(file.name, content, ".svg"), width, height, drawing)


class _RefusedError(Exception):
    pass


def _redrawn(file):
    """(markup, width, height) of a drawing, written anew from what is on the lists."""
    if file.size > MOST_BYTES:
        raise pictures.refusal(
            file.name, _("A drawing has at most 64 kB. Simplify it, or upload a PNG picture instead.")
        )
    writer = _Writer()
    try:
        return writer.rewrite(file.read())
    except _RefusedError as error:
        raise pictures.refusal(file.name, str(error)) from None
    except (expat.ExpatError, UnicodeDecodeError, ValueError):
        raise pictures.refusal(
            file.name, _("It is broken or not an SVG drawing. Export it once more as plain SVG.")
        ) from None
    finally:
        file.seek(0)


class _Writer:
    """Reads one drawing from start to end and writes down what may stay."""

    def __init__(self):
        self.parts = []
        self.left_out = 0
        self.size = None

    def rewrite(self, data):
        data.decode()
        # Naming the encoding overrides the one a file declares, so nothing hides in another.
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.ProcessingInstructionHandler = self._refuse_instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)
        return "".join(self.parts), *self.size

    def _refuse_document_type(self, *declared):
        raise _RefusedError(_("It declares a document type. Export it as plain SVG without one."))

    def _refuse_instruction(self, *instruction):
        raise _RefusedError(_("It refers to a style sheet or program. Export it as plain SVG."))

    def _start(self, element, attributes):
        namespace, _space, name = element.rpartition(" ")
        if namespace != NAMESPACE or name not in DRAWN | LEFT_OUT:
            raise _RefusedError(
                _("It holds “%s”, and only plain shapes are taken. Export it as plain SVG.") % name[:40]
            )
        if (name == "svg") == (self.size is not None):
            raise _RefusedError(_("An SVG drawing begins with one “svg” element and has no second one inside."))
        kept = {key: self._value(key, value) for key, value in attributes.items() if self._keeps(key)}
        if name == "svg":
            kept = self._head(kept)
        if self.left_out or name in LEFT_OUT:
            self.left_out += 1
            return
        self.parts.append("<" + " ".join([name, *(f"{key}={quoteattr(kept[key])}" for key in kept)]) + ">")

    def _end(self, element):
        if self.left_out:
            self.left_out -= 1
            return
        name = element.rpartition(" ")[2]
        if self.parts[-1].startswith(f"<{name} ") and not self.parts[-1].endswith("/>"):
            self.parts[-1] = self.parts[-1][:-1] + "/>"
        else:
            self.parts.append(f"</{name}>")

    def _text(self, text):
        if text.strip() and not self.left_out:
            raise _RefusedError(_("It holds text. Convert letters to paths and export it as plain SVG."))

    def _keeps(self, name):
        """Whether an attribute stays. One that is harmless goes without a word, any other stops the upload."""
        if name in KEPT:
            return True
        if name in IGNORED or name.startswith(("aria-", "data-")) or name.endswith(" space"):
            return False
        raise _RefusedError(
            _("It uses “%s”, which is not taken. Export it as plain SVG with presentation attributes.")
            % name.rpartition(" ")[2][:40]
        )

    def _value(self, name, value):
        functions = set(FUNCTION.findall(value))
        if not VALUE.fullmatch(value) or functions - FUNCTIONS:
            raise _RefusedError(
                _("Its “%(name)s” is “%(value)s”; only numbers and colors are taken. Export it as plain SVG.")
                % {"name": name, "value": value[:40]}
            )
        return " ".join(value.split())

    def _head(self, attributes):
        """The attributes of the outermost element. Width and height keep the page from jumping."""
        try:
            box = [float(number) for number in attributes.pop("viewBox", "").replace(",", " ").split()]
        except ValueError:
            box = []
        # Numbers beyond this are no drawing, and “nan” and “inf” compare as out of range.
        if len(box) != 4 or not all(abs(number) <= 1_000_000 for number in box) or not (box[2] > 0 and box[3] > 0):
            raise _RefusedError(
                _("Its “svg” element has no usable “viewBox”. Export it with one, for example 0 0 48 48.")
            )
        self.size = max(1, round(box[2])), max(1, round(box[3]))
        attributes |= {"width": str(self.size[0]), "height": str(self.size[1])}
        return {**HEAD, "viewBox": " ".join(f"{number:g}" for number in box), **attributes}
