"""Addresses of the directory. Links on paper depend on them."""

from django.urls import path

from programs import confirmations, corrections, downloads, letters, views

app_name = "programs"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("programs.csv", downloads.as_csv, name="csv"),
    path("programs.json", downloads.as_json, name="json"),
    path("counties/", views.counties, name="counties"),
    path("counties/<slug:slug>/", views.county, name="county"),
    path("tell-us/", corrections.add, name="add"),
    path("tell-us/thanks/", corrections.thanks, name="thanks"),
    path("<slug:slug>/", views.program, name="program"),
    path("<slug:slug>/correct/", corrections.correct, name="correct"),
    path("<slug:slug>/write/", letters.write, name="write"),
    path("<slug:slug>/write/thanks/", letters.write_thanks, name="write_thanks"),
    path("<slug:slug>/confirm/<str:token>/", confirmations.confirm, name="confirm"),
]
