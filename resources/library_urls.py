"""Addresses of the library and the glossary. Links on paper depend on them."""

from django.urls import path

from resources import library_views as views

app_name = "library"
urlpatterns = [
    path("", views.library, name="list"),
    path("glossary/", views.glossary, name="glossary"),
    path("<slug:slug>/", views.resource, name="resource"),
]
