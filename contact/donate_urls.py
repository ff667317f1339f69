"""Addresses of gifts. Receipts on paper name some of them."""

from django.urls import path

from contact import donate_views as views
from contact import webhooks

app_name = "donate"
urlpatterns = [
    path("", views.give, name="give"),
    path("thanks/<slug:reference>/", views.thanks, name="thanks"),
    path("pay/<slug:reference>/", views.pay, name="pay"),
    path("stop/<str:token>/", views.stop, name="stop"),
    path("stripe/", webhooks.webhook, name="webhook"),
    path("ledger/", views.ledger, name="ledger"),
    path("my-gifts/", views.my_link, name="my_link"),
    path("my-gifts/<str:token>/", views.my_gifts, name="my_gifts"),
    path("my-gifts/<str:token>/receipts/<slug:number>/", views.receipt, name="receipt"),
    path("my-gifts/<str:token>/years/<int:year>/", views.statement, name="statement"),
    path("my-gifts/<str:token>/gifts/<slug:reference>/", views.change, name="change"),
]
