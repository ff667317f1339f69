"""Tags and filters that say in words when, where and for how much an event takes place."""

from django import template

from events import timetable

register = template.Library()

register.filter("hours_shown", timetable.hours_text)
register.filter("days_shown", timetable.days_text)
register.filter("machine_time", timetable.machine_time)
register.filter("hours_number", timetable.hours_number)


@register.simple_tag
def timetable_row(event, now):
    """An event as a timetable shows it at the moment `now`."""
    return timetable.Row(event, now)
