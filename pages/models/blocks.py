"""The kinds of content every page can hold. Other apps add theirs by subclassing `Block` in their own models."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import documents
from pages.links import Linked, WebAddressField, check_link, href_of, validate_address
from pages.models.albums import Album
from pages.models.notices import Notice
from pages.models.page import Block, Page
from pages.models.people import Person
from pages.pictures import Pictured
from pages.prose import ProseField, heading_levels

__all__ = [
    "AlbumStrip",
    "CallToAction",
    "Card",
    "ContactFacts",
    "DatedRow",
    "Download",
    "Finding",
    "Hero",
    "NoticeBox",
    "NumberedItem",
    "PersonCard",
    "Picture",
    "PictureText",
    "PrivacyFacts",
    "Question",
    "Quote",
    "RichText",
    "Section",
    "Statistic",
    "Video",
]


def excerpt(text, words=9):
    """The beginning of a text without its markup, for lists in the admin."""
    return Truncator(strip_tags(text.replace("</", " </"))).words(words)


class Hero(Block, Linked):
    """The opening of a page: its main heading, a line, one or two buttons. What follows stands beside it."""

    opens_section = True
    related = ("link_page", "second_page")
    icon = "flag"
    edit_first = ("heading", "lead", "link_label", "link_page", "link_url")

    heading = models.CharField(gettext_lazy("heading"), max_length=140)
    lead = models.CharField(gettext_lazy("line below it"), max_length=300, blank=True)
    second_label = models.CharField(gettext_lazy("second link text"), max_length=80, blank=True)
    second_page = models.ForeignKey(
        Page, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=gettext_lazy("second link to page")
    )
    second_url = models.CharField(
        gettext_lazy("or to address"), max_length=500, blank=True, validators=[validate_address]
    )
    wide = models.BooleanField(
        gettext_lazy("wide"), default=False, help_text=gettext_lazy("What follows stands below, not beside.")
    )

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("opening")
        verbose_name_plural = gettext_lazy("openings")

    def __str__(self):
        return self.heading

    def clean(self):
        super().clean()
        check_link(
            label=self.second_label,
            page=self.second_page,
            url=self.second_url,
            names=("second_label", "second_page", "second_url"),
        )

    @property
    def second_href(self):
        return href_of(self.second_page, self.second_url)

    def outline(self):
        return [("heading", 1)]


class Section(Block, Linked):
    """A heading and the ground below it. The blocks up to the next section belong to it."""

    class Ground(models.TextChoices):
        PAPER = "paper", gettext_lazy("Paper")
        TINT = "tint", gettext_lazy("Tinted")
        BAND = "band", gettext_lazy("Brand color")

    class Layout(models.TextChoices):
        STACK = "stack", gettext_lazy("Heading above")
        ASIDE = "aside", gettext_lazy("Heading at the side")
        CELLS = "cells", gettext_lazy("Heading as first cell of a grid of cards")

    opens_section = True
    related = ("link_page",)
    icon = "horizontal_rule"

    heading = models.CharField(gettext_lazy("heading"), max_length=120)
    intro = models.TextField(gettext_lazy("introduction"), blank=True)
    ground = models.CharField(gettext_lazy("ground"), max_length=10, choices=Ground, default=Ground.PAPER)
    layout = models.CharField(gettext_lazy("layout"), max_length=10, choices=Layout, default=Layout.STACK)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("section")
        verbose_name_plural = gettext_lazy("sections")

    def __str__(self):
        return self.heading

    @property
    def anchor(self):
        return slugify(self.heading) or "section"

    def outline(self):
        return [("heading", 2)]


class RichText(Block):
    """Paragraphs, lists, links, and headings inside a section."""

    icon = "notes"

    text = ProseField(gettext_lazy("text"), headings=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("text")
        verbose_name_plural = gettext_lazy("texts")

    def __str__(self):
        return excerpt(self.text)

    def outline(self):
        return [("text", level) for level in heading_levels(self.text)]


class Picture(Block, Pictured):
    """One picture across the column, with a caption if it needs one."""

    icon = "image"
    edit_first = ("picture", "picture_alt", "decorative")

    caption = models.CharField(gettext_lazy("caption"), max_length=200, blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("picture")
        verbose_name_plural = gettext_lazy("pictures")

    def __str__(self):
        return self.caption or self.picture_alt or super().__str__()

    @property
    def has_content(self):
        return bool(self.picture)


class PictureText(Block, Pictured):
    """A picture with text beside it."""

    class Side(models.TextChoices):
        START = "start", gettext_lazy("Left")
        END = "end", gettext_lazy("Right")

    icon = "art_track"
    edit_first = ("picture", "picture_alt", "decorative", "side")

    text = ProseField(gettext_lazy("text"), headings=True)
    side = models.CharField(gettext_lazy("side of the picture"), max_length=5, choices=Side, default=Side.START)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("picture with text")
        verbose_name_plural = gettext_lazy("pictures with text")

    def __str__(self):
        return excerpt(self.text)

    def outline(self):
        return [("text", level) for level in heading_levels(self.text)]


class Quote(Block):
    """Somebody's words. Only what a named source really said or wrote."""

    icon = "format_quote"

    text = models.TextField(gettext_lazy("words"))
    speaker = models.CharField(gettext_lazy("who said it"), max_length=120)
    source = models.CharField(gettext_lazy("where"), max_length=200, blank=True)
    source_url = WebAddressField(gettext_lazy("address of the source"), blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("quote")
        verbose_name_plural = gettext_lazy("quotes")

    def __str__(self):
        return excerpt(self.text)


class CallToAction(Block, Linked):
    """A heading, a line and one button."""

    link_required = True
    related = ("link_page",)
    icon = "ads_click"

    label = models.CharField(
        gettext_lazy("label"), max_length=40, blank=True, help_text=gettext_lazy("A word above the heading.")
    )
    heading = models.CharField(gettext_lazy("heading"), max_length=120)
    text = models.TextField(gettext_lazy("text"), blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("call to action")
        verbose_name_plural = gettext_lazy("calls to action")

    def __str__(self):
        return self.heading

    def outline(self):
        return [("heading", 3)]


class Card(Block, Linked, Pictured):
    """One card of a grid: neighbouring cards stand side by side."""

    class Icon(models.TextChoices):
        PEOPLE = "people", gettext_lazy("People")
        SCALES = "scales", gettext_lazy("Scales")
        TALK = "talk", gettext_lazy("Conversation")
        COIN = "coin", gettext_lazy("Money")
        CYCLE = "cycle", gettext_lazy("Cycle")
        PERSON = "person", gettext_lazy("Person")
        HOUSE = "house", gettext_lazy("Public building")
        BOOK = "book", gettext_lazy("Book")
        CALENDAR = "calendar", gettext_lazy("Calendar")
        PHONE = "phone", gettext_lazy("Telephone")
        MAP = "map", gettext_lazy("Map")
        HEART = "heart", gettext_lazy("Heart")

    picture_required = False
    grouped = True
    related = ("link_page",)
    icon = "grid_view"
    edit_first = ("heading", "text", "drawing")

    heading = models.CharField(gettext_lazy("heading"), max_length=100)
    drawing = models.CharField(gettext_lazy("drawing"), max_length=10, choices=Icon, blank=True)
    text = ProseField(gettext_lazy("text"), blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("card")
        verbose_name_plural = gettext_lazy("cards")

    def __str__(self):
        return self.heading

    def outline(self):
        return [("heading", 3)]


class Question(Block):
    """One question with its answer, folded until somebody opens it. Neighbours form a list."""

    grouped = True
    icon = "help"

    question = models.CharField(gettext_lazy("question"), max_length=200)
    answer = ProseField(gettext_lazy("answer"))

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("question and answer")
        verbose_name_plural = gettext_lazy("questions and answers")

    def __str__(self):
        return self.question


class NumberedItem(Block):
    """One item of a numbered list with large numerals. Neighbours count on."""

    grouped = True
    icon = "format_list_numbered"

    heading = models.CharField(gettext_lazy("heading"), max_length=100)
    text = models.TextField(gettext_lazy("text"), blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("numbered item")
        verbose_name_plural = gettext_lazy("numbered items")

    def __str__(self):
        return self.heading

    def outline(self):
        return [("heading", 3)]


class Sourced(models.Model):
    """A statement with the place it was taken from."""

    source = models.CharField(
        gettext_lazy("source"), max_length=250, help_text=gettext_lazy("Who found or published it, and when.")
    )
    source_url = WebAddressField(gettext_lazy("address of the source"), max_length=500, blank=True)

    class Meta:
        abstract = True


class Statistic(Block, Sourced):
    """One figure, what it counts, and its source. Neighbours stand side by side."""

    grouped = True
    icon = "monitoring"

    figure = models.CharField(gettext_lazy("figure"), max_length=20)
    label = models.CharField(gettext_lazy("what it counts"), max_length=160)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("figure with source")
        verbose_name_plural = gettext_lazy("figures with source")

    def __str__(self):
        return f"{self.figure} {self.label}"


class Finding(Block, Sourced):
    """What one study found, for or against. Neighbours form a list."""

    class Direction(models.TextChoices):
        FAVOURABLE = "for", gettext_lazy("Favorable")
        MIXED = "mixed", gettext_lazy("Mixed")
        UNFAVOURABLE = "against", gettext_lazy("Unfavorable")
        CONTEXT = "context", gettext_lazy("Context")

    grouped = True
    icon = "science"

    direction = models.CharField(gettext_lazy("direction"), max_length=10, choices=Direction)
    text = models.TextField(gettext_lazy("finding"))
    note = models.CharField(
        gettext_lazy("caution"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("What a reader should keep in mind."),
    )

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("finding")
        verbose_name_plural = gettext_lazy("findings")

    def __str__(self):
        return excerpt(self.text)


class Download(Block):
    """A document to save. Its kind and size stand beside the link."""

    grouped = True
    icon = "download"

    file = models.FileField(gettext_lazy("file"), upload_to="documents/%Y/%m", validators=[documents.validate_document])
    label = models.CharField(gettext_lazy("title"), max_length=120)
    description = models.CharField(gettext_lazy("description"), max_length=250, blank=True)
    size = models.PositiveBigIntegerField(editable=False, default=0)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("download")
        verbose_name_plural = gettext_lazy("downloads")

    def __str__(self):
        return self.label

    def save(self, *args, **kwargs):
        if self.file and not self.file._committed:
            documents.validate_document(self.file)
            self.size = self.file.size
        super().save(*args, **kwargs)

    @property
    def has_content(self):
        return bool(self.file)

    @property
    def extension(self):
        return self.file.name.rpartition(".")[2].upper()


class Video(Block, Pictured):
    """A still picture and a link; the player of the other site loads only when somebody clicks."""

    class Service(models.TextChoices):
        YOUTUBE = "youtube", "YouTube"
        VIMEO = "vimeo", "Vimeo"

    ADDRESSES = {
        Service.YOUTUBE: re.compile(r"https://(?:www\.)?(?:youtube\.com/watch\?v=|youtu\.be/)([\w-]{11})\S*"),
        Service.VIMEO: re.compile(r"https://(?:www\.)?vimeo\.com/(\d{6,12})\S*"),
    }
    PLAYERS = {
        Service.YOUTUBE: "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
        Service.VIMEO: "https://player.vimeo.com/video/{}?autoplay=1&dnt=1",
    }
    icon = "smart_display"

    title = models.CharField(gettext_lazy("title"), max_length=120)
    url = WebAddressField(
        gettext_lazy("address"),
        help_text=gettext_lazy("The address of the video on YouTube or Vimeo."),
    )
    transcript_url = models.CharField(
        gettext_lazy("address of the transcript"), max_length=500, blank=True, validators=[validate_address]
    )

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("video")
        verbose_name_plural = gettext_lazy("videos")

    def __str__(self):
        return self.title

    def clean(self):
        super().clean()
        if self.url and not self.service:
            raise ValidationError({"url": _("Paste the address of one video on YouTube or Vimeo.")})

    def _match(self):
        for service, pattern in self.ADDRESSES.items():
            if found := pattern.fullmatch(self.url):
                return service, found[1]
        return None, ""

    @property
    def service(self):
        return self._match()[0]

    @property
    def player_url(self):
        service, number = self._match()
        return self.PLAYERS[service].format(number) if service else ""

    @property
    def frame_host(self):
        return self.player_url.partition("/embed/")[0].partition("/video/")[0]


class PersonCard(Block):
    """One person. Neighbours stand side by side; a person who is not published is left out."""

    grouped = True
    related = ("person",)
    icon = "person"

    person = models.ForeignKey(Person, models.CASCADE, verbose_name=gettext_lazy("person"))

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("person")
        verbose_name_plural = gettext_lazy("people")

    def __str__(self):
        return str(self.person)

    @property
    def has_content(self):
        return self.person.is_published()


class AlbumStrip(Block):
    """The first pictures of an album and the way to the others."""

    related = ("album",)
    icon = "photo_library"

    album = models.ForeignKey(Album, models.CASCADE, verbose_name=gettext_lazy("album"))
    count = models.PositiveSmallIntegerField(gettext_lazy("how many pictures"), default=6)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("photo album")
        verbose_name_plural = gettext_lazy("photo albums")

    def __str__(self):
        return str(self.album)

    @classmethod
    def get_queryset(cls):
        return super().get_queryset().prefetch_related("album__photos")

    @property
    def has_content(self):
        return self.album.is_published() and bool(self.photos)

    @property
    def photos(self):
        return self.album.photos.all()[: self.count]


class NoticeBox(Block):
    """A line set apart, inside a page."""

    Level = Notice.Level
    icon = "campaign"

    level = models.CharField(gettext_lazy("level"), max_length=10, choices=Level, default=Level.INFO)
    text = ProseField(gettext_lazy("text"))

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("notice")
        verbose_name_plural = gettext_lazy("notices")

    def __str__(self):
        return excerpt(self.text)


class DatedRow(Block, Linked):
    """One row of a timetable kept by hand, for agendas and milestones. A day that is over is marked as over."""

    grouped = True
    related = ("link_page",)
    icon = "event_note"

    date = models.DateField(gettext_lazy("day"), null=True, blank=True)
    words = models.CharField(
        gettext_lazy("words instead of a day"),
        max_length=40,
        blank=True,
        help_text=gettext_lazy("For example Ongoing."),
    )
    heading = models.CharField(gettext_lazy("heading"), max_length=200)
    time = models.CharField(gettext_lazy("time"), max_length=60, blank=True)
    note = models.CharField(gettext_lazy("line below it"), max_length=250, blank=True)
    place = models.CharField(gettext_lazy("place"), max_length=80, blank=True)
    cost = models.CharField(gettext_lazy("cost"), max_length=60, blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("dated row")
        verbose_name_plural = gettext_lazy("dated rows")

    def __str__(self):
        return self.heading

    def clean(self):
        super().clean()
        if bool(self.date) == bool(self.words.strip()):
            raise ValidationError({"date": _("Give either a day or words instead of one.")})

    @property
    def is_over(self):
        return bool(self.date) and self.date < timezone.localdate()

    def outline(self):
        return [("heading", 3)]


class ContactFacts(Block):
    """How to reach the association: whatever the identity holds of address, phone, e-mail and EIN."""

    icon = "contact_mail"

    heading = models.CharField(gettext_lazy("heading"), max_length=100, blank=True)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("contact facts")
        verbose_name_plural = gettext_lazy("contact facts")

    def __str__(self):
        return self.heading or super().__str__()

    def outline(self):
        return [("heading", 3)] if self.heading else []


class PrivacyFacts(Block):
    """What this site stores and sends, written by the site itself from its present settings."""

    icon = "shield"

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("privacy facts")
        verbose_name_plural = gettext_lazy("privacy facts")
