"""Addresses of the contact form."""

app_name = "contact"
urlpatterns = []
