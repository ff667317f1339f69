from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ContactConfig(AppConfig):
    name = "contact"
    verbose_name = gettext_lazy("Messages and gifts")
