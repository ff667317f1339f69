"""Addresses of the calendar. Links on paper depend on them."""

from django.urls import path, register_converter

from events import converters, feeds, views

register_converter(converters.YearConverter, "year")
register_converter(converters.MonthConverter, "month")

app_name = "events"
urlpatterns = [
    path("", views.upcoming, name="upcoming"),
    path("feed.ics", feeds.calendar, name="calendar"),
    path("feed.rss", feeds.rss, name="rss"),
    path("calendar/<year:year>/<month:month>/", views.month, name="month"),
    path("past/<year:year>/", views.past, name="past"),
    path("series/<slug:slug>/", views.series, name="series"),
    path("series/<slug:slug>/series.ics", feeds.series_calendar, name="series_calendar"),
    path("<slug:slug>/", views.event, name="event"),
    path("<slug:slug>/event.ics", feeds.event_calendar, name="event_calendar"),
]
