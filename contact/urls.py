"""Addresses of the contact form."""

from django.urls import path, re_path

from contact import views
from contact.references import SIGNS

app_name = "contact"
urlpatterns = [
    path("", views.form, name="form"),
    re_path(rf"^thanks/(?P<reference>M-[{SIGNS}]{{6}})/$", views.thanks, name="thanks"),
]
