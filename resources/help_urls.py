"""Addresses of crisis help. Wallet cards and posters name them."""

from django.urls import path

from resources import help_views as views
from resources import leaflet_views

app_name = "help"
urlpatterns = [
    path("", views.help_now, name="help"),
    path("what-to-say/", views.say_to_911, name="say_to_911"),
    path("which-number/", views.which_number, name="which_number"),
    path("which-number/<path:path>/", views.which_number, name="which_number_answer"),
    path("family-card/", views.family_card, name="family_card"),
    path("not-saved/", views.not_saved, name="not_saved"),
    path("worker.js", views.worker, name="worker"),
    path("app.webmanifest", views.manifest, name="manifest"),
    path("county/", views.find_county, name="find_county"),
    path("card.pdf", leaflet_views.card, name="card"),
    path("poster.pdf", leaflet_views.poster, name="poster"),
    path("<slug:slug>/", views.county, name="county"),
    path("<slug:slug>/card.pdf", leaflet_views.card, name="county_card"),
    path("<slug:slug>/poster.pdf", leaflet_views.poster, name="county_poster"),
]
