"""What the wallet card and the poster of crisis help say, for everybody or for one county.

Both are drawn from the same records as the help page they lead to. Lists stand with the most important first: where
the room of a paper ends, it leaves out the last.
"""

from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from pages import phones
from pages.bilingual import Words
from pages.languages import ENGLISH, SPANISH
from pages.templatetags.phones import call_label, text_label
from resources import hours, lines


@dataclass(frozen=True)
class Way:
    """One way to reach somebody: what to do, the number in it, and the address by which a telephone does it."""

    label: str
    number: str
    address: str


@dataclass(frozen=True)
class Entry:
    name: Words
    ways: list[Way]
    what_for: Words | None = None
    standing: tuple[Words, ...] = ()
    """When it answers, and when somebody checked that."""


@dataclass(frozen=True)
class Leaflet:
    """The words of a paper, each list in reading order."""

    language: str
    title: str
    """The name of the file for whoever has it read aloud."""
    heading: str
    lead: str
    how_to_print: str
    association: str
    brand: str
    made_on: str
    """As ISO 8601."""

    talk: Entry
    talk_note: str
    emergency: Entry
    emergency_note: str
    ask_for: str
    spanish: Entry | None
    others_title: str
    others: list[Entry]
    """Lines for particular people."""
    checks: list[str]
    """When the numbers for everybody were checked."""
    steps_title: str
    steps: list[str]

    address: str
    address_shown: str
    qr_code: str
    """As SVG."""
    qr_words: str
    renew: str
    made: str

    lines_title: str = ""
    lines: list[Entry] = field(default_factory=list)
    no_line: str = ""
    """That we know of no number of the county."""
    teams: list[Entry] = field(default_factory=list)
    """Those with a number that is not among the lines."""
    local_team: str = ""
    """What to ask for where a team may come."""
    own_line: str = ""
    """What to write down on a paper that is for every county."""


def leaflet(title, county, identity, now):
    """The words for a county, or without one for everybody. `title` is a text with a place for the heading."""
    today = timezone.localdate(now)
    board = lines.load_board(now, today)
    first = [line for line in (*board.first, *lines.lines_of_last_resort()) if ways(line)]
    talk = next(line for line in first if not line.is_emergency)
    emergency = next(line for line in first if line.is_emergency)
    heading = _("Crisis help in %(county)s County") % {"county": county} if county else _("Crisis help")
    address = settings.SITE_URL + (reverse("help:county", args=[county.slug]) if county else reverse("help:help"))
    address_shown = address.split("://")[1]
    return Leaflet(
        language=language(),
        title=title % {"heading": heading},
        heading=heading,
        lead=_("You do not have to be sure that it is a crisis."),
        how_to_print=_("Print this page at its full size. Cut along the lines, then fold each card in the middle."),
        association=identity.short_name,
        brand=identity.brand,
        made_on=today.isoformat(),
        talk=line_entry(talk, now),
        talk_note=_("Free, day and night."),
        emergency=line_entry(emergency, now),
        emergency_note=_("When someone is in danger."),
        ask_for=_("Ask for a CIT officer."),
        spanish=spanish_entry(board, now),
        others_title=_("Lines for you"),
        others=[
            *reachable(line_entry(line, now) for line in board.first if line not in (talk, emergency)),
            *group_entries(board),
        ],
        checks=[
            _("%(numbers)s: %(checked)s")
            % {"numbers": ", ".join(line.number_shown for line in checked), "checked": words}
            for words, checked in board.checks
        ],
        steps_title=_("When you call %(number)s") % {"number": emergency.number_shown},
        steps=[
            _("Say: “This is a mental health emergency.”"),
            _("Say where you are, and if anyone is hurt or has a weapon."),
            _(
                "Ask: “Can you send a CIT officer?” That is police trained for a mental health crisis. There may not "
                "be one on every shift."
            ),
        ],
        address=address,
        address_shown=address_shown,
        qr_code=qr_code(address),
        qr_words=_("QR code that opens %(address)s") % {"address": address_shown},
        renew=_("More help, and if these numbers are still right:"),
        made=_("Made by %(name)s on %(date)s") % {"name": identity.short_name, "date": lines.day_shown(today)},
        **(local_words(county, talk, now) if county else {"own_line": _("The line of your county, to write down:")}),
    )


def local_words(county, talk, now):
    """What a paper says of a county alone."""
    entries = reachable(line_entry(line, now) for line in lines.load_local(county.slug, now, timezone.localdate(now)))
    teams = list(lines.load_teams(county.slug, now))
    found = {
        "lines_title": _("%(county)s County") % {"county": county},
        "lines": entries,
        "teams": team_entries(teams, entries),
    }
    if teams:
        found["local_team"] = teams_words(county, teams)
    if not entries:
        found["no_line"] = _("We know of no checked number for %(county)s County yet.") % {"county": county}
        found.setdefault(
            "local_team", _("Call %(number)s and ask if a local team can come.") % {"number": talk.number_shown}
        )
    return found


def teams_words(county, teams):
    if any(team.confirmed_on for team in teams):
        return _("%(county)s County has a mobile crisis team. When you call, ask if it can come.") % {"county": county}
    return _("Public pages name a mobile crisis team in %(county)s County. When you call, ask if it can come.") % {
        "county": county
    }


def language():
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def reachable(entries):
    """Those with a number. What can only be reached by other ways stands on the page that the paper leads to."""
    return [entry for entry in entries if entry.ways]


def line_entry(line, now):
    standing = [hours_words(line, now), plain(lines.checked_words(line, timezone.localdate(now)))]
    if line.stand_in:
        standing += [plain(_("This number stands in for the usual one.")), Words(line.stand_in_note, ENGLISH)]
    return Entry(
        name=line.said("name"),
        ways=ways(line),
        what_for=line.said("what_for"),
        standing=tuple(words for words in standing if words),
    )


def ways(line):
    found = []
    if line.number:
        found.append(Way(call_label(line), phones.shown(line.number), phones.call_address(line.number)))
    if line.text_number:
        address = phones.text_address(line.text_number, line.text_keyword)
        found.append(Way(text_label(line), phones.shown(line.text_number), address))
    if line.videophone:
        number = phones.shown(line.videophone)
        label = _("Videophone: %(number)s") % {"number": number}
        found.append(Way(label, number, phones.call_address(line.videophone)))
    return found


def hours_words(line, now):
    """When a line answers, on the clocks of whoever reads it: a paper hangs through summer and winter."""
    if line.is_day_and_night:
        return plain(_("Day and night"))
    if line.hours:
        return line.said("hours")
    return plain(
        hours.week_on_clocks(line)
        if line.time_zone == timezone.get_current_timezone_name()
        else hours.week_words(line, now)
    )


def plain(text):
    return Words(text, language())


def spanish_entry(board, now):
    """The line for people who speak Spanish, in their words."""
    with override(SPANISH):
        entries = reachable(line_entry(row.line, now) for row in board.spanish)
    return entries[0] if entries else None


def group_entries(board):
    """One line for each group of people."""
    entries = []
    for group in board.groups:
        entries += reachable(Entry(plain(str(group.title)), ways(row.line)) for row in group.rows)[:1]
    return entries


def team_entries(teams, local):
    """Teams to call at a number that no line of the county has. The directory is in English."""
    known = {way.address for entry in local for way in entry.ways}
    entries = []
    for team in teams:
        address = phones.call_address(team.phone)
        if not team.phone or address in known:
            continue
        known.add(address)
        number = phones.shown(team.phone)
        when = plain(_("Day and night")) if team.is_day_and_night else Words(team.hours_of_service, ENGLISH)
        entries.append(
            Entry(
                name=Words(team.name, ENGLISH),
                ways=[Way(_("Call %(number)s") % {"number": number}, number, address)],
                what_for=Words(team.how_to_reach, ENGLISH),
                standing=tuple(words for words in (Words(team.cities, ENGLISH), when, confirmed_words(team)) if words),
            )
        )
    return entries


def confirmed_words(team):
    if team.confirmed_on:
        return plain(_("Confirmed on %(date)s") % {"date": lines.day_shown(team.confirmed_on)})
    return plain(_("From public pages, not yet confirmed by the team"))


def qr_code(address):
    """The address as a drawing, its quiet zone included. A seventh of it may be worn off (level M)."""
    import qrcode  # noqa: PLC0415 - for those who make papers only
    from qrcode.image.svg import SvgPathImage  # noqa: PLC0415

    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, image_factory=SvgPathImage)
    code.add_data(address)
    return code.make_image().to_string(encoding="unicode")
