"""The ground of every form a stranger may send: protected without a cookie, and nothing typed is ever lost."""

from datetime import timedelta
from functools import wraps
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

LEAST = timedelta(seconds=3)
"""Nobody fills in a form faster; programs do."""
MOST = timedelta(hours=24)
"""How long a form may stay open before it must be sent once more."""


class PublicForm(forms.Form):
    """A form that needs no session: it carries a signed time and a field that people do not see.

    * Draw it with `{% crispy form %}`; name the button in `submit_label`, arrange the fields in `fields_to_show`.
    * Guard its view with `public_post`, which stands in for Django's token.
    * After `is_valid()`, `is_suspicious` says whether a program seems to have sent it: the hidden field was filled,
      or the signed time is missing, forged or only seconds old. Such a form is valid all the same: keep what was
      sent, marked, and let a person decide. Never discard it.
    * A form older than `MOST` is not valid: it comes back with everything typed and a fresh time, to be sent again.

    The signed time is that of the rendering. A cached page carries the time at which it was stored, so its form
    seems older than it is: that can only make it less suspicious. Store such pages for minutes, far less than `MOST`.
    """

    submit_label = _("Send")

    more_words = forms.CharField(
        label=_("Leave this empty"), required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"})
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, now=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now or timezone.now()
        self.is_suspicious = False
        self.fields["stamp"].initial = self.stamp_of(self.now)

    @property
    def fields_to_show(self):
        """What the visitor fills in, in order: names of fields or crispy layout objects."""
        return [name for name in self.fields if name not in PublicForm.base_fields]

    @property
    def helper(self):
        helper = FormHelper()
        helper.disable_csrf = True
        helper.submit_label = self.submit_label
        helper.layout = Layout(*self.fields_to_show, Field("more_words", template="forms/trap.html"), "stamp")
        return helper

    def clean_more_words(self):
        words = self.cleaned_data["more_words"]
        if words:
            self.is_suspicious = True
        return words

    def clean_stamp(self):
        stamp = self.cleaned_data["stamp"]
        try:
            age = self.now.timestamp() - int(self._signer.unsign(stamp))
        except BadSignature:
            self.is_suspicious = True
            self._renew_stamp(self.now)
            return stamp
        if age < LEAST.total_seconds():
            self.is_suspicious = True
        elif age > MOST.total_seconds():
            # Whoever only presses the button again has waited long enough already.
            self._renew_stamp(self.now - LEAST)
            raise ValidationError(
                _("This form was open for more than a day. What you wrote is still here: please send it once more.")
            )
        return stamp

    def stamp_of(self, moment):
        return self._signer.sign(str(int(moment.timestamp())))

    @property
    def _signer(self):
        """Signs for this form alone: the time of another form does not fit."""
        return Signer(salt=f"{type(self).__module__}.{type(self).__qualname__}")

    def _renew_stamp(self, moment):
        self.data = self.data.copy()
        self.data[self.add_prefix("stamp")] = self.stamp_of(moment)


class ForeignPost(PermissionDenied):
    """A form that another site sent in a visitor's name."""


def public_post(view):
    """Accept forms from our own pages only, without a cookie or token. Wrap the view of every `PublicForm`.

    Browsers say where a form comes from in `Sec-Fetch-Site`; older ones in `Origin` or `Referer`. What says none of
    these is no browser that another site could misuse, and is let through: these forms never act on a visitor's
    session. The same rule as Go's: https://pkg.go.dev/net/http#CrossOriginProtection
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _comes_from_here(request):
            raise ForeignPost(_("The form was sent from another site. Open it on this site and send it from there."))
        return view(request, *args, **kwargs)

    return guarded


def _comes_from_here(request):
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if source is None:
        return True
    try:
        host = urlsplit(source).netloc.lower()
    except ValueError:
        return False
    return host in (request.get_host().lower(), urlsplit(settings.SITE_URL).netloc.lower())
