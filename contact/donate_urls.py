"""Addresses of gifts. Receipts on paper name some of them."""

app_name = "donate"
urlpatterns = []
