"""Pictures: what an upload must be, what is stored of it, and the sizes a page offers."""

import hashlib
import warnings
from io import BytesIO
from pathlib import PurePath
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imagefield.fields import ImageField, ImageFieldFile
from PIL import Image, ImageCms, ImageOps

MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 40_000_000
LEAST_SIDE = 40
LONGEST_SIDE = 4000
"""Pixels along the longer side of what is stored; the rest of a camera's picture is never shown."""
READ = ("JPEG", "PNG", "WEBP", "AVIF")
"""The only formats Pillow may try. Among the others, EPS starts Ghostscript and TIFF hides many pictures in one."""
ACCEPT = "image/jpeg,image/png,image/webp,image/avif"

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


class Kind(NamedTuple):
    """A format that pages offer, with the way it is written. Changing a value gives new names to all renditions."""

    extension: str
    content_type: str
    options: dict


KINDS = {
    "avif": Kind(".avif", "image/avif", {"format": "AVIF", "quality": 60, "speed": 8}),
    "webp": Kind(".webp", "image/webp", {"format": "WEBP", "quality": 78, "method": 3}),
    "jpeg": Kind(".jpg", "image/jpeg", {"format": "JPEG", "quality": 80, "progressive": True}),
}
"""Best first. JPEG knows no transparency and gets a white ground; only browsers from before 2020 ask for it."""


class Shape(NamedTuple):
    """What part of a picture is shown and in which widths (pixels). Without a ratio all of it is shown."""

    widths: tuple
    ratio: float | None = None
    kinds: tuple = tuple(KINDS)


SHAPES = {
    "whole": Shape((480, 960, 1600)),
    "thumb": Shape((400, 800), ratio=1),
    "card": Shape((1200,), ratio=1200 / 630, kinds=("jpeg",)),
}


class Rendition(NamedTuple):
    """One file a page offers. The numbers are those of the file, in pixels."""

    url: str
    width: int
    height: int


def sizes(shape, width, height):
    """(name of the width, true width, true height) of each rendition of a picture; never larger than the picture."""
    ratio = shape.ratio or width / height
    most = max(1, min(width, round(height * ratio)))
    for name in shape.widths:
        shown = min(name, most)
        yield name, shown, max(1, round(shown / ratio))
        if name >= most:
            return


def _format(shape, width, kind):
    """How imagefield finds the name of a rendition. The focal point counts only where something is cut off."""

    def spec(file, context):
        context.extension = KINDS[kind].extension
        context.processors = [shape, width, kind, *KINDS[kind].options.values()]
        if not SHAPES[shape].ratio:
            context.ppoi = [0.5, 0.5]

    return spec


def refusal(name, reason):
    """The error of an upload: it names the file and says why, and `reason` ends with what to do."""
    shown = Truncator(PurePath(name or _("the file")).name).chars(60)
    return ValidationError(_("We cannot use “%(name)s”. %(reason)s") % {"name": shown, "reason": reason})


class CheckedPicture(ContentFile):
    """A picture written by us: nothing is left of the upload but its pixels."""

    def __init__(self, content, name, width, height):
        super().__init__(content, name=name)
        self.width = width
        self.height = height


def checked(file):
    """The upload as a `CheckedPicture`: turned upright, in sRGB, without metadata, at most `LONGEST_SIDE` long.

    Raises ValidationError with a sentence for the editor. The file's name and declared type are not believed.
    """
    if isinstance(file, CheckedPicture):
        return file
    if file.size > MOST_BYTES:
        raise refusal(
            file.name,
            _("It is larger than %s. Save it smaller.") % filesizeformat(MOST_BYTES),
        )
    file.seek(0)
    data = file.read()
    file.seek(0)
    image, kind = _opened(data, file.name)
    with image:
        try:
            image = _upright(image)
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            image = _plain(image)
        except Exception as error:  # Pillow and its C libraries raise what they like on broken data.
            raise refusal(file.name, _("It is broken or was cut off. Save or send it once more.")) from error
    keeps_every_pixel = kind == "PNG" or image.mode == "RGBA"
    content = BytesIO()
    if keeps_every_pixel:
        image.save(content, "PNG", compress_level=6)
    else:
        image.save(content, "JPEG", quality=92, subsampling=0, progressive=True)
    return CheckedPicture(
        content.getvalue(),
        hashed_name(file.name, content.getvalue(), ".png" if keeps_every_pixel else ".jpg"),
        *image.size,
    )


def hashed_name(name, content, extension):
    """A name safe in every file system and address. It changes with the content, so caches may keep it for ever."""
    stem = slugify(PurePath(name or "").stem)[:40].strip("-_") or "file"
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}{extension}"


def _opened(data, name):
    """The picture with its header read and its size judged, and its format."""
    try:
        image = Image.open(BytesIO(data), formats=READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(name) from None
    except Exception as error:
        raise refusal(name, _what_it_is(data)) from error
    width, height = image.size
    if width * height > MOST_PIXELS:
        image.close()
        raise _too_many_pixels(name)
    if min(width, height) < LEAST_SIDE:
        image.close()
        raise refusal(
            name,
            _("It is %(width)d × %(height)d pixels, and at least %(least)d each way are needed. Choose a larger one.")
            % {"width": width, "height": height, "least": LEAST_SIDE},
        )
    # A phone's JPEG may carry a second picture for depth or brightness (MPO); the first one is the photo.
    if image.format != "MPO" and getattr(image, "n_frames", 1) > 1:
        image.close()
        raise refusal(name, _("It moves, and pages show still pictures only. Choose a picture that stands still."))
    return image, image.format


def _too_many_pixels(name):
    return refusal(
        name,
        _("It has more than %(most)d million pixels. Save it smaller; %(longest)d pixels along a side are plenty.")
        % {"most": MOST_PIXELS // 1_000_000, "longest": LONGEST_SIDE},
    )


def _what_it_is(data):
    """A sentence for a file that is none of the four formats, naming the usual suspects."""
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    known = {
        b"GIF8": _("a GIF picture"),
        b"II*\0": _("a TIFF picture"),
        b"MM\0*": _("a TIFF picture"),
        b"BM": _("a BMP picture"),
        b"%!PS": _("a PostScript drawing"),
        b"\xc5\xd0\xd3\xc6": _("a PostScript drawing"),
        b"%PDF": _("a PDF document"),
        b"PK": _("an archive or an office document"),
        b"<": _("a drawing or web page in text form"),
    }
    if data[4:8] == b"ftyp" and any(brand in data[8:40] for brand in (b"heic", b"heix", b"hevc", b"mif1")):
        what = _("an HEIC picture, as phones store it")
    else:
        what = next((words for first, words in known.items() if start.startswith(first)), None)
    if what:
        return _("It is %(what)s. Save it as JPEG, PNG, WebP or AVIF.") % {"what": what}
    return _("It is broken or not a picture. Choose a JPEG, PNG, WebP or AVIF file.")


def _upright(image):
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):  # nonsense in the EXIF part alone
        return image.copy()


def _plain(image):
    """The same pixels as RGB or RGBA in sRGB, and nothing beside them."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.convert("I").point(lambda value: value / 257).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile:
        image = _in_srgb(image, profile, mode)
    image = image.convert(mode)
    if mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    image.info = {}
    return image


def _in_srgb(image, profile, mode):
    """Colours moved from the camera's or printer's profile to sRGB; unchanged where the profile is of no use."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if image.mode == "P":
            image = image.convert(mode)
        if image.mode == "CMYK":
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


class PictureFormField(forms.ImageField):
    """Refuses what is no usable picture beside the field, and hands on the checked one."""

    default_validators = []

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.max_length = None  # the stored name is ours

    def to_python(self, data):
        data = forms.FileField.to_python(self, data)
        return data and checked(data)


class _OffersFourKinds:
    """Lets a browser's file dialog show what we take; imagefield's own widget asks for every image."""

    def render(self, name, value, attrs=None, **kwargs):
        return super().render(name, value, {**(attrs or {}), "accept": ACCEPT}, **kwargs)


class PictureFile(ImageFieldFile):
    """A stored picture and its renditions. Nothing is opened to know an address or a size."""

    _sources = None

    def save(self, name, content, save=True):
        """Store the checked picture under a name made of its content; one stored before is used again."""
        content.name = content.name or name
        try:
            content = checked(content)
        except ValidationError as error:
            raise ValidationError({self.field.name: error.messages}) from error
        name = self.field.generate_filename(self.instance, content.name)
        self.name = name if self.storage.exists(name) else self.storage.save(name, content)
        self._committed = True
        self._file = None
        # Past the descriptor, which would open the stored file to measure it.
        self.instance.__dict__[self.field.attname] = self
        setattr(self.instance, self.field.width_field, content.width)
        setattr(self.instance, self.field.height_field, content.height)
        if save:
            self.instance.save()

    save.alters_data = True

    def _get_image_dimensions(self):
        """Size as stored. A file that is not checked yet is not opened and has none; saving it sets both fields."""
        if isinstance(getattr(self, "_file", None), CheckedPicture):
            return self._file.width, self._file.height
        if not self._committed:
            return None, None
        try:
            with self.storage.open(self.name) as file, Image.open(file, formats=READ) as image:
                return image.size
        except OSError:  # lost, or from a time before pictures were checked
            return None, None

    def renditions(self, shape, kind):
        """The files of this shape and kind, smallest first."""
        width = getattr(self.instance, self.field.width_field)
        height = getattr(self.instance, self.field.height_field)
        if not (self.name and width and height):
            return []
        return [
            Rendition(getattr(self, f"{shape}_{kind}_{name}"), *size)
            for name, *size in sizes(SHAPES[shape], width, height)
        ]

    @property
    def shared(self):
        """What other sites show beside a link to a page: a JPEG in the proportions of 1200 × 630, or None."""
        return next(iter(self.renditions("card", "jpeg")), None)

    def make_renditions(self):
        """Write all renditions that are not there yet; the picture is read and scaled once for all kinds."""
        width = getattr(self.instance, self.field.width_field)
        height = getattr(self.instance, self.field.height_field)
        if not (width and height):
            return
        self._sources = {}
        try:
            for shape in self.field.shapes:
                for name, *_size in sizes(SHAPES[shape], width, height):
                    for kind in SHAPES[shape].kinds:
                        self.process(f"{shape}_{kind}_{name}")
        finally:
            self._sources = None

    def _ppoi(self):
        """The focal point as shares of width and height; the middle for anything a form should not have sent."""
        point = super()._ppoi()
        return point if len(point) == 2 and all(0 <= share <= 1 for share in point) else [0.5, 0.5]

    def _process(self, processors=None, context=None):
        if context is None or context.processors[0] not in SHAPES:
            return super()._process(processors, context)
        shape, width, kind, *_options = context.processors
        image = self._scaled(shape, width, context.ppoi)
        if kind == "jpeg" and image.mode == "RGBA":
            ground = Image.new("RGB", image.size, "white")
            ground.paste(image, mask=image.getchannel("A"))
            image = ground
        content = BytesIO()
        image.save(content, **KINDS[kind].options)
        return content.getvalue()

    def _scaled(self, shape, width, focal_point):
        sources = {} if self._sources is None else self._sources
        if "stored" not in sources:
            with self.storage.open(self.name) as file, Image.open(file, formats=READ) as image:
                image.load()
                sources["stored"] = image.copy()
        if (shape, width) not in sources:
            image = sources["stored"]
            *_smaller, (_name, *size) = [found for found in sizes(SHAPES[shape], *image.size) if found[0] <= width]
            box = _box(image.size, size, focal_point)
            sources[shape, width] = image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3)
        return sources[shape, width]


def _box(size, shown, focal_point):
    """The largest part of a picture that has the proportions of `shown`, as near to the focal point as fits."""
    scale = min(size[0] / shown[0], size[1] / shown[1])
    part = [min(shown[i] * scale, size[i]) for i in (0, 1)]
    start = [max(0, min(size[i] * focal_point[i] - part[i] / 2, size[i] - part[i])) for i in (0, 1)]
    return (*start, *(min(start[i] + part[i], size[i]) for i in (0, 1)))


class PictureField(ImageField):
    """An image that was checked by its content, turned upright and stripped of what the camera wrote into it.

    What a form or a save brings in is replaced by our own copy. Renditions of the `shapes` are written on save;
    originals are never deleted, because a page's history may need them.
    """

    attr_class = PictureFile

    def __init__(self, *args, shapes=("whole", "thumb"), **kwargs):
        kwargs.setdefault("upload_to", "pictures/%Y/%m")
        self.shapes = shapes
        formats = {
            f"{shape}_{kind}_{width}": _format(shape, width, kind)
            for shape in shapes
            for kind in SHAPES[shape].kinds
            for width in SHAPES[shape].widths
        }
        formats["preview"] = _format("whole", SHAPES["whole"].widths[0], "jpeg")
        super().__init__(*args, auto_add_fields=True, formats=formats, **kwargs)

    def formfield(self, **kwargs):
        widget = kwargs.pop("widget", forms.ClearableFileInput)
        kwargs["widget"] = type(widget.__name__, (_OffersFourKinds, widget), {"__module__": __name__})
        return super().formfield(**{"form_class": PictureFormField, **kwargs})

    def save_form_data(self, instance, data):
        models.FileField.save_form_data(self, instance, data)
        if not data and data is not None:
            setattr(instance, self.ppoi_field, "0.5x0.5")

    def _generate_files(self, instance, **kwargs):
        if not getattr(instance, "_skip_generate_files", False):
            getattr(instance, self.name).make_renditions()


class Pictured(models.Model):
    """A record with one picture and the words that stand for it."""

    picture_required = True

    picture = PictureField(gettext_lazy("picture"), blank=True)
    picture_alt = models.CharField(
        gettext_lazy("alternative text"),
        max_length=250,
        blank=True,
        help_text=gettext_lazy("What the picture shows, for people who cannot see it: one plain sentence."),
    )
    decorative = models.BooleanField(
        gettext_lazy("decorative"),
        default=False,
        help_text=gettext_lazy("Tick only if the page says everything without this picture."),
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        """A missing picture is an error of its field, so that a refused upload is not called missing as well."""
        errors = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if self.picture_required and not self.picture and "picture" not in (exclude or ()):
            errors["picture"] = [_("Choose a picture.")]
        if errors:
            raise ValidationError(errors)

    def clean(self):
        super().clean()
        if self.picture and not self.picture_alt.strip() and not self.decorative:
            raise ValidationError(
                {"picture_alt": _("Describe the picture in one sentence, or tick “decorative” below.")}
            )
        if self.picture_alt.strip() and self.decorative:
            raise ValidationError(
                {"decorative": _("A decorative picture has no alternative text. Remove one of the two.")}
            )
