"""The style page: every component once, in the public design and the association's colours, for staff."""

from copy import copy
from datetime import timedelta

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from contact.models import ContactForm
from events.models import NextEvent, OngoingSeries, UpcomingEvents
from pages import colour
from pages.contents import Section, arranged
from pages.forms import PublicForm
from pages.icons import DRAWINGS
from pages.models import (
    Album,
    AlbumStrip,
    CallToAction,
    Card,
    ContactFacts,
    DatedRow,
    Download,
    Finding,
    Hero,
    Notice,
    NoticeBox,
    NumberedItem,
    Person,
    PersonCard,
    Picture,
    PictureText,
    PrivacyFacts,
    Question,
    Quote,
    RichText,
    Statistic,
    Video,
)
from pages.models import Section as SectionBlock
from pages.prose import term_address
from programs.models import CountyMap, ProgramList
from resources.models import ResourceList, Term, TermBox

PARTS = (
    ("type", gettext_lazy("Type")),
    ("colors", gettext_lazy("Colors")),
    ("buttons", gettext_lazy("Buttons, links and tags")),
    ("icons", gettext_lazy("Icons")),
    ("ways", gettext_lazy("Ways through the site")),
    ("forms", gettext_lazy("Forms")),
)
"""(anchor, heading) of what is no block; each is drawn by `admin/style/<anchor>.html`."""
SHADES = ("paper", "surface", "tint", "tint-strong", "band", "bar", "fill", "accent", "danger-tint")
"""Grounds that carry text; `admin_site/style.css` gives each the text it is made for."""


class SpecimenForm(PublicForm):
    """One field of each sort. Nothing is kept of what is sent: the page only opens again."""

    submit_label = gettext_lazy("Send")

    name = forms.CharField(label=gettext_lazy("Name"), help_text=gettext_lazy("A line of help stands below the label."))
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    work = forms.ChoiceField(
        label=gettext_lazy("One of these"),
        choices=[("first", gettext_lazy("The first")), ("second", gettext_lazy("The second"))],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("As many as you like"),
        choices=[("one", gettext_lazy("One")), ("other", gettext_lazy("Another"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    county = forms.ChoiceField(
        label=gettext_lazy("From a list"), choices=[("", gettext_lazy("Choose …"))], required=False
    )
    message = forms.CharField(label=gettext_lazy("Message"), widget=forms.Textarea, required=False)
    document = forms.FileField(label=gettext_lazy("Document"), required=False)
    agrees = forms.BooleanField(label=gettext_lazy("I agree"))

    @property
    def helper(self):
        """Without its summary of errors, which would take the focus; the page draws one that keeps still."""
        helper = super().helper
        helper.form_method = "get"
        helper.form_show_errors = False
        return helper


@require_safe
def style_page(request):
    """Staff only: the admin site guards the address and keeps the answer out of every cache."""
    photo = _first_photo()
    contents = arranged(_blocks(photo, timezone.localdate()))
    parts = [Section(SectionBlock(heading=words), anchor) for anchor, words in PARTS]
    context = {
        "opening": arranged(_opening(request.identity)).sections[0],
        "reachable": _reachable(request.identity),
        "parts": parts,
        "contents": contents,
        "listed": [*parts, *(section for section in contents.sections if section.anchor)],
        "pairs": contrasts(request.identity),
        "least": colour.READABLE,
        "shades": SHADES,
        "icons": sorted(DRAWINGS),
        "rows": Paginator(range(50), 10).page(2),
        "empty_form": SpecimenForm(prefix="empty"),
        "faulty_form": SpecimenForm({"faulty-email": "name at example.org"}, prefix="faulty"),
        "notices": _notices(),
        "shows_draft": True,
        "asks_consent": False,
    }
    return render(request, "admin/style.html", context)


def contrasts(identity):
    """(what stands on what, class of a sample, ratio) of the pairs that an association's own colours decide."""
    pairs = (
        (_("Brand color on paper: links"), "brand", identity.brand, colour.PAPER),
        (_("Ink on paper: text"), "ink", colour.INK, colour.PAPER),
        (_("Ink on the accent color: the button on a band"), "accent", colour.INK, identity.accent),
    )
    return [(words, sample, colour.contrast(one, other)) for words, sample, one, other in pairs]


def _reachable(identity):
    """The identity, with a sample of contact facts where it has none to show."""
    if identity.address or identity.email or identity.phone:
        return identity
    shown = copy(identity)
    shown.address, shown.email = _("Street and number") + "\n" + _("City, state and ZIP code"), "office@example.org"
    return shown


def _first_photo():
    """A real picture to show, or None on a site without a published album."""
    for album in Album.objects.published().prefetch_related("photos"):
        if album.cover:
            return album.cover
    return None


def _picture(photo):
    """The fields of a `Pictured` record that shows this photo, whose files are already there."""
    if photo is None:
        return {}
    names = ("picture", "picture_width", "picture_height", "picture_ppoi", "picture_alt")
    return {name: getattr(photo, name) for name in names} | {"picture": photo.picture.name}


def _notices():
    words = {
        Notice.Level.INFO: _("A notice that informs, with a link where it helps."),
        Notice.Level.WARNING: _("A notice that warns: something is not as usual."),
        Notice.Level.URGENT: _("A notice that cannot wait."),
    }
    return [
        Notice(level=level, message=text, link_label=_("See the callouts"), link_url="#callouts")
        for level, text in words.items()
    ]


def _opening(identity):
    return [
        Hero(
            heading=_("The look of this site"),
            lead=_("Every component once, in the colors of %s. What looks wrong here looks wrong everywhere.")
            % identity.short_name,
            link_label=_("See the blocks"),
            link_url="#text",
            second_label=_("See the forms"),
            second_url="#forms",
        ),
        CallToAction(
            label=_("Beside the opening"),
            heading=_("A call to action becomes a ticket"),
            text=_("It holds the one thing a visitor may do next."),
            link_label=_("One button"),
            link_url="#buttons",
        ),
    ]


def _blocks(photo, today):
    """Every kind of block, in every form it takes."""
    return [
        *_wide_opening(),
        *_text(photo),
        *_cards(photo),
        *_evidence(),
        *_timetable(today),
        *_directory(),
        *_library(),
        *_people_and_files(photo),
        *_grounds(),
    ]


def _section(heading, intro="", **values):
    return SectionBlock(heading=heading, intro=intro, **values)


def _text(photo):
    example = "https://www.w3.org/TR/WCAG22/"
    return [
        _section(_("Text"), _("A section with its heading above: an introduction, then whatever follows it.")),
        RichText(
            text=f"<p>{_('Running text stops at about sixty characters a line.')} "
            f'<a href="{example}">{_("A link is underlined")}</a>, <strong>{_("bold is for what counts")}</strong>, '
            f"<em>{_('italics for a word in another voice')}</em>, "
            f'<a href="{term_address("example")}">{_("dots for a word that the glossary explains")}</a>.</p>'
            f"<h3>{_('A heading inside a text')}</h3><ul><li><p>{_('A list')}</p></li>"
            f"<li><p>{_('with two points')}</p></li></ul>"
            f"<h4>{_('A smaller heading')}</h4><ol><li><p>{_('First')}</p></li><li><p>{_('Second')}</p></li></ol>"
        ),
        Quote(
            text=_("Somebody’s words stand in the serif, with a mark at the side."),
            speaker=_("Who said it"),
            source=_("where, and when"),
            source_url=example,
        ),
        _section(
            _("Pictures"),
            _("A picture across the column, and a video."),
            layout=SectionBlock.Layout.ASIDE,
        ),
        Picture(caption=_("A caption says what the picture does not."), **_picture(photo)),
        Video(
            title=_("A video that waits for a click"),
            url="https://www.youtube.com/watch?v=00000000000",
            transcript_url="#text",
            **_picture(photo),
        ),
        _section(_("Pictures with text, and an album"), ground=SectionBlock.Ground.TINT),
        *(
            PictureText(text=f"<h3>{side.label}</h3><p>{words}</p>", side=side, **_picture(photo))
            for side, words in zip(
                PictureText.Side,
                (_("The picture stands first in reading order too."), _("On a phone it still stands above its text.")),
                strict=True,
            )
        ),
        *([AlbumStrip(album=photo.album, count=6)] if photo else []),
    ]


def _cards(photo):
    return [
        _section(_("Cards"), link_label=_("A link beside the heading"), link_url="#cards"),
        *(
            Card(heading=drawing.label, drawing=drawing, text=f"<p>{_('A card says one thing.')}</p>", **link)
            for drawing, link in (
                (Card.Icon.BOOK, {"link_label": _("More"), "link_url": "#cards"}),
                (Card.Icon.CALENDAR, {}),
                (Card.Icon.HEART, {"link_label": _("More"), "link_url": "#cards"}),
            )
        ),
        Card(heading=_("With a picture"), text=f"<p>{_('Cards may differ.')}</p>", **_picture(photo)),
        _section(
            _("Cells"),
            _("The heading is the first cell of the grid."),
            ground=SectionBlock.Ground.TINT,
            layout=SectionBlock.Layout.CELLS,
        ),
        *(
            Card(heading=drawing.label, drawing=drawing, text=f"<ul><li><p>{_('A point')}</p></li></ul>")
            for drawing in (Card.Icon.PEOPLE, Card.Icon.SCALES, Card.Icon.TALK)
        ),
        _section(_("Numbered items"), _("Large numerals count on."), layout=SectionBlock.Layout.ASIDE),
        *(
            NumberedItem(heading=heading, text=_("One sentence on what it means."))
            for heading in (_("The first step"), _("The second step"), _("The third step"))
        ),
        CallToAction(
            label=_("Inside a page"),
            heading=_("A call to action is an invitation"),
            text=_("It says what happens when one follows it."),
            link_label=_("Follow it"),
            link_url="#numbered-items",
        ),
    ]


def _evidence():
    return [
        _section(_("Findings"), _("The direction stands in words, with a sign of its own.")),
        *(
            Finding(
                direction=direction,
                text=_("What a study found, in one or two sentences."),
                note=_("What a reader should keep in mind.") if direction == Finding.Direction.MIXED else "",
                source=_("Who found it, and when"),
                source_url="https://www.w3.org/TR/WCAG22/",
            )
            for direction in Finding.Direction
        ),
        _section(_("Figures"), _("No figure without its source."), ground=SectionBlock.Ground.TINT),
        Statistic(figure="58", label=_("counties in California"), source=_("State of California")),
        Statistic(
            figure="4.5:1",
            label=_("least contrast of normal text"),
            source="WCAG 2.2, 1.4.3",
            source_url="https://www.w3.org/TR/WCAG22/#contrast-minimum",
        ),
        Statistic(
            figure="24 × 24",
            label=_("pixels: the least size of anything one can press"),
            source="WCAG 2.2, 2.5.8",
            source_url="https://www.w3.org/TR/WCAG22/#target-size-minimum",
        ),
        _section(_("Questions"), layout=SectionBlock.Layout.ASIDE),
        Question(question=_("How does a question look?"), answer=f"<p>{_('Folded, until somebody opens it.')}</p>"),
        Question(question=_("And in print?"), answer=f"<p>{_('All answers are open.')}</p>"),
    ]


def _timetable(today):
    month = timedelta(days=30)
    return [
        _section(_("Timetable"), _("A day that is over says so.")),
        DatedRow(
            date=today - month,
            heading=_("A day in the past"),
            time=_("9:00 am to 5:00 pm"),
            note=_("A line below it"),
            place=_("Online"),
            cost=_("Free"),
        ),
        DatedRow(
            date=today + month,
            heading=_("A day to come, with a link"),
            time=_("9:00 am to 5:00 pm"),
            place=_("In person"),
            cost=_("Free"),
            link_label=_("More"),
            link_url="#timetable",
        ),
        DatedRow(date=today + 2 * month, heading=_("A day with nothing but a heading")),
        DatedRow(words=_("Ongoing"), heading=_("Words instead of a day"), place=_("Online")),
        _section(_("Calendar"), _("The next event, those after it, and the series: as this site has them now.")),
        NextEvent(),
        UpcomingEvents(count=3),
        OngoingSeries(),
    ]


def _directory():
    return [
        _section(_("Directory"), _("The county map, small and whole, and the programs of a county: as they are now.")),
        CountyMap(),
        CountyMap(size=CountyMap.Size.WHOLE),
        ProgramList(county="kern"),
        _section(_("Contact form"), _("It sends to the contact page, which answers.")),
        ContactForm(pk=0),
    ]


def _library():
    term = Term(
        term=_("A word"),
        slug="example",
        expansion=_("What it is short for"),
        definition=_("What it means, in one or two plain sentences."),
        status=Term.Status.PUBLISHED,
    )
    return [
        _section(_("Library"), _("The first entries as they are now, and a word explained.")),
        ResourceList(count=3),
        TermBox(term=term),
    ]


def _people_and_files(photo):
    person = Person(
        name=_("Spokesperson"),
        role=_("Answers the press"),
        bio=f"<p>{_('A few lines on what this person does.')}</p>",
        media_email="press@example.org",
        status=Person.Status.PUBLISHED,
    )
    board = Person(name=_("Board member"), group=Person.Group.BOARD, status=Person.Status.PUBLISHED)
    return [
        _section(_("People"), _("Only published people are shown."), ground=SectionBlock.Ground.TINT),
        PersonCard(person=person),
        PersonCard(person=board),
        _section(_("Contact and downloads"), layout=SectionBlock.Layout.ASIDE),
        ContactFacts(heading=_("How to reach us")),
        *(
            [Download(file=photo.picture.name, label=_("A file to save"), description=_("What is in it."), size=48_213)]
            if photo
            else []
        ),
        _section(_("Privacy facts"), ground=SectionBlock.Ground.TINT, layout=SectionBlock.Layout.ASIDE),
        PrivacyFacts(),
        _section(_("Callouts"), _("A line set apart, in three levels.")),
        *(
            NoticeBox(level=level, text=f'<p>{level.label}. <a href="#callouts">{_("A link in it")}</a>.</p>')
            for level in NoticeBox.Level
        ),
    ]


def _grounds():
    return [
        _section(
            _("Blocks on the brand color"),
            _("Whatever stands on a band takes the shades made for a dark ground."),
            ground=SectionBlock.Ground.BAND,
            link_label=_("A link on the band"),
            link_url="#blocks-on-the-brand-color",
        ),
        RichText(text=f'<p>{_("Running text with")} <a href="#text">{_("a link")}</a>.</p>'),
        Card(
            heading=_("A card on the band"),
            drawing=Card.Icon.MAP,
            text=f"<p>{_('It keeps its own ground.')}</p>",
            link_label=_("More"),
            link_url="#cards",
        ),
        Finding(direction=Finding.Direction.FAVOURABLE, text=_("A finding on the band."), source=_("Its source")),
        Finding(direction=Finding.Direction.UNFAVOURABLE, text=_("Another on the band."), source=_("Its source")),
        Statistic(figure="58", label=_("counties in California"), source=_("State of California")),
        DatedRow(words=_("Ongoing"), heading=_("A row on the band"), place=_("Online")),
        NoticeBox(level=NoticeBox.Level.URGENT, text=f"<p>{_('A callout on the band.')}</p>"),
        Question(question=_("A question on the band?"), answer=f"<p>{_('Its answer.')}</p>"),
        CallToAction(
            heading=_("An invitation on the band"), link_label=_("Follow it"), link_url="#blocks-on-the-brand-color"
        ),
        _section(
            _("A band with nothing below closes a page"),
            _("It has a line and one button."),
            ground=SectionBlock.Ground.BAND,
            link_label=_("To the top"),
            link_url="#main",
        ),
    ]


def _wide_opening():
    return [
        Hero(
            heading=_("A wide opening stands across the page"),
            lead=_("What follows it stands below as a strip."),
            link_label=_("The first link"),
            link_url="#main",
            wide=True,
        ),
        CallToAction(
            label=_("Below the opening"),
            heading=_("A call to action becomes a strip"),
            link_label=_("One link"),
            link_url="#main",
        ),
    ]
