"""Addresses of the directory. Links on paper depend on them."""

app_name = "programs"
urlpatterns = []
