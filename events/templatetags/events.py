"""Tags and filters that say in words when, where and for how much an event takes place."""

from zoneinfo import ZoneInfo

from django import template

from events import months, timetable

register = template.Library()

register.filter("hours_shown", timetable.hours_text)
register.filter("days_shown", timetable.days_text)
register.filter("machine_time", timetable.machine_time)
register.filter("hours_words", timetable.hours_words)
register.filter("month_address", months.address)


@register.simple_tag
def timetable_row(event, now):
    """An event as a timetable shows it at the moment `now`."""
    return timetable.Row(event, now)


@register.filter
def next_day_shown(series):
    """The day of the next event of a series out of `lists.ongoing_series`."""
    return timetable.day_text(series.next_start.astimezone(ZoneInfo(series.next_zone)))


@register.filter
def webcal(address):
    """An address that calendars open as a subscription, where a browser would only save the file."""
    return f"webcal:{address.partition(':')[2]}"


@register.filter
def extension_shown(name):
    """What kind of file it is: `PDF`."""
    return name.rpartition(".")[2].upper()
