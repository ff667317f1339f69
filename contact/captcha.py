"""Google reCAPTCHA, only where the site has keys for it. The one module that talks to that provider.

It never stands between a person and the form: what it says is kept with the message, and whoever it takes for a program
waits for staff to look. Where it cannot be asked, the message is marked as unchecked and goes its usual way.
"""

import logging

from django.conf import settings
from django_recaptcha import client
from django_recaptcha.fields import ReCaptchaField
from django_recaptcha.widgets import ReCaptchaV2Checkbox, ReCaptchaV3

from contact.models import Message

logger = logging.getLogger("cacita.captcha")

HOSTS = tuple(f"https://{host}/recaptcha/" for host in ("www.google.com", "www.gstatic.com", "recaptcha.google.com"))
"""Where scripts and frames of a page with the form may come from: https://developers.google.com/recaptcha/docs/faq"""
ACTION = "contact"
LEAST_SCORE = 0.5
"""Of version 3: 1 is surely a person, 0 surely a program."""
OUR_FAULTS = {"missing-input-secret", "invalid-input-secret", "invalid-keys", "bad-request"}
"""What the provider answers where our keys are wrong; no visitor can help that."""


def is_on():
    return bool(settings.RECAPTCHA_PUBLIC_KEY and settings.RECAPTCHA_PRIVATE_KEY)


class Checkbox(ReCaptchaV2Checkbox):
    """Version 2. Its own template brings inline scripts and loads Google's with the page; ours does neither."""

    template_name = "contact/captcha.html"


class Unseen(ReCaptchaV3):
    template_name = "contact/captcha.html"


class CaptchaField(ReCaptchaField):
    """Takes whatever the browser sends, nothing too; `judge` asks the provider once the rest of the form is right."""

    def __init__(self):
        super().__init__(
            public_key=settings.RECAPTCHA_PUBLIC_KEY,
            private_key=settings.RECAPTCHA_PRIVATE_KEY,
            widget=Unseen(action=ACTION) if settings.RECAPTCHA_VERSION == "v3" else Checkbox(),
        )
        self.required = False

    def validate(self, value):
        """Nothing is wrong with any answer, and the package's own check lets faults of the network out."""

    def judge(self, token):
        """The verdict on an answer, as a `Message.Captcha`. It takes at most some seconds and raises nothing."""
        if not token:
            return Message.Captcha.FAILED
        try:
            # The visitor's address is not handed on. The provider may do whatever it likes but keep us from storing.
            answer = client.submit(recaptcha_response=token, private_key=self.private_key, remoteip="")
            faults, is_right = set(answer.error_codes), self._is_right(answer)
        except Exception as fault:
            logger.warning("The captcha could not be checked: %s", fault)
            return Message.Captcha.UNCHECKED
        if faults & OUR_FAULTS:
            logger.error("The captcha provider does not know our keys: %s", ", ".join(sorted(faults)))
            return Message.Captcha.UNCHECKED
        return Message.Captcha.PASSED if is_right else Message.Captcha.FAILED

    def _is_right(self, answer):
        if settings.RECAPTCHA_VERSION == "v3":
            score = float(answer.extra_data.get("score", 0))
            return answer.is_valid and answer.action == ACTION and score >= LEAST_SCORE
        return bool(answer.is_valid)
