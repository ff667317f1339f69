"""Which lines a help page shows, and in which order."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from pages.crisis import last_resort
from programs.facts import source_date
from programs.models import Program
from resources.models import CrisisLine

ASKED_FOR = (
    CrisisLine.Who.VETERAN,
    CrisisLine.Who.TEEN,
    CrisisLine.Who.DEAF,
    CrisisLine.Who.FAMILY,
    CrisisLine.Who.RESPONDER,
    CrisisLine.Who.OLDER,
    CrisisLine.Who.SURVIVOR,
)
"""Groups of people in the order of the page. Spanish speakers find theirs on the first screen."""


@dataclass(frozen=True)
class Row:
    line: CrisisLine
    anchor: str
    """The line's place on the page; empty where it stands higher up already."""


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    rows: list


@dataclass(frozen=True)
class Board:
    """All lines of the help page."""

    first: list
    """Lines for everybody, day and night: those of the bar, in its order."""
    spanish: list
    """For Spanish speakers. On a Spanish page they lead, and danger comes next."""
    groups: list
    """Lines for particular people, by who they are."""
    others: list
    checks: list
    """`(words, lines)`: when the first lines were checked."""

    @property
    def danger_first(self):
        return sorted(self.first, key=lambda line: not line.is_emergency)


def in_order(lines, today):
    """Lines that somebody checked in time before the others; beyond that as staff ordered them."""
    return sorted(lines, key=lambda line: (line.is_overdue(today), line.position, line.name))


def load_board(now, today):
    lines = CrisisLine.objects.published(now).filter(Q(is_in_bar=True) | ~Q(scope=CrisisLine.Scope.COUNTIES))
    return arranged(lines.prefetch_related("opening_hours"), today)


def arranged(lines, today):
    """The board of these lines; without any for everybody, the numbers of last resort stand in."""
    first = sorted((line for line in lines if line.is_in_bar), key=lambda line: (line.position, line.name))
    rest = in_order((line for line in lines if not line.is_in_bar), today)
    seen = set()
    spanish = _rows((line for line in rest if CrisisLine.Who.SPANISH in line.who), seen)
    groups = [
        Group(who.value, who.label, _rows((line for line in rest if who.value in line.who), seen)) for who in ASKED_FOR
    ]
    first = first or lines_of_last_resort()
    checks = {}
    for line in first:
        checks.setdefault(checked_words(line, today), []).append(line)
    return Board(
        first=first,
        spanish=spanish,
        groups=[group for group in groups if group.rows],
        others=_rows((line for line in rest if not line.who), seen),
        checks=list(checks.items()),
    )


def lines_of_last_resort():
    return [
        CrisisLine(
            name=number.number,
            slug=number.number,
            kind=CrisisLine.Kind.EMERGENCY if number.is_emergency else CrisisLine.Kind.CRISIS,
            phone=number.number,
            text_number=number.text_number,
            is_day_and_night=True,
        )
        for number in last_resort()
    ]


def _rows(lines, seen):
    rows = []
    for line in lines:
        rows.append(Row(line, "" if line.slug in seen else line.slug))
        seen.add(line.slug)
    return rows


def load_local(county, now, today):
    """The lines of a county alone, given by its slug."""
    lines = CrisisLine.objects.published(now).of_county(county)
    return in_order(lines.prefetch_related("opening_hours"), today)


def load_teams(county, now):
    """The mobile crisis teams that come to people in a county, given by its slug."""
    return Program.objects.published(now).running().of_kind(Program.Kind.MOBILE_CRISIS).covering(county)


def first_published(slugs, now):
    """The first line of these short names that everybody may see, or None."""
    found = {
        line.slug: line
        for line in CrisisLine.objects.published(now).filter(slug__in=slugs).prefetch_related("opening_hours")
    }
    return next((found[slug] for slug in slugs if slug in found), None)


def checked_words(line, today):
    """When somebody last looked whether what we say of the line is right, and whether it was."""
    if line.failed_on:
        return _("When we checked on %(date)s, we could not confirm this line") % {"date": day_shown(line.failed_on)}
    if line.checked_on and line.is_overdue(today):
        return _("Last checked by us on %(date)s; the next check is overdue") % {"date": day_shown(line.checked_on)}
    if line.checked_on:
        return _("Checked by us on %(date)s") % {"date": day_shown(line.checked_on)}
    if line.source_date:
        return _("Source of %(date)s, not yet dialled by us") % {"date": source_date(line.source_date)}
    if line.read_on:
        return _("Source read on %(date)s, not yet dialled by us") % {"date": day_shown(line.read_on)}
    return _("Not yet dialled by us")


def day_shown(day):
    return date_format(day, "DATE_FORMAT")


def moment_shown(moment):
    """`Nov. 27, 2026, 9:38 p.m. PST`, by the association's clocks."""
    local = timezone.localtime(moment)
    return _("%(time)s %(zone)s") % {"time": date_format(local, "DATETIME_FORMAT"), "zone": local.tzname()}
