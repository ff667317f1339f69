"""What strangers may send about a listing, and to one."""

import difflib
import re

from crispy_forms.layout import Fieldset
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages import phones
from pages.forms import PublicForm
from programs import listing
from programs.counties import BY_SLUG, COUNTIES
from programs.models import Program

BY_NAME = {county.name.casefold(): county.slug for county in COUNTIES}
STORED = re.compile(r"\+1\d{10}", re.ASCII)
"""A number of this country as the database holds it."""
MOST_WORDS = 4000
"""Characters of a free text: some two pages."""


class LineField(forms.CharField):
    """A text of one line; line breaks and rows of spaces become one space."""

    def clean(self, value):
        return " ".join(super().clean(value).split())


class TelephoneField(forms.CharField):
    """A telephone number as people write it; its value is what a telephone dials."""

    widget = forms.TelInput

    def prepare_value(self, value):
        """A stored number as people read it; what somebody typed stays as it is."""
        return phones.shown(value) if value and STORED.fullmatch(value) else value

    def clean(self, value):
        text = super().clean(value)
        return phones.dialled(text) if text else ""


class CountiesField(forms.CharField):
    """Names of counties with commas; its value is the list of their slugs, sorted."""

    def prepare_value(self, value):
        return listing.words("counties", value) if isinstance(value, list) else value

    def clean(self, value):
        names = [name.strip() for name in re.split(r"[,;\n]", super().clean(value)) if name.strip()]
        return sorted({_slug_of(name) for name in names})


def _slug_of(name):
    plain = re.sub(r"\s+county$", "", " ".join(name.split()).casefold())
    if plain in BY_SLUG:
        return plain
    if plain in BY_NAME:
        return BY_NAME[plain]
    near = difflib.get_close_matches(plain[:40], BY_NAME, n=1)
    if near:
        raise ValidationError(
            _("“%(name)s” is no county of California. Did you mean %(near)s?")
            % {"name": name[:40], "near": BY_SLUG[BY_NAME[near[0]]]}
        )
    raise ValidationError(
        _("“%s” is no county of California. Write names of counties with commas, such as Yolo, San Mateo.") % name[:40]
    )


def listing_fields(names):
    """Form fields for these fields of a listing, in this order; each cleans what was typed into its value."""
    made = fields_for_model(
        Program,
        fields=[name for name in names if name != "counties"],
        field_classes={"phone": TelephoneField},
        widgets={"summary": forms.Textarea({"rows": 5}), "phone": forms.TelInput},
    )
    made["counties"] = CountiesField(
        label=gettext_lazy("Counties"),
        required=False,
        help_text=gettext_lazy("All counties it covers, with commas. For example: Yolo, Sacramento."),
    )
    return {name: made[name] for name in names}


class ListingForm(PublicForm):
    """What a listing says, and who tells us. Its two kinds follow."""

    groups = (
        (
            gettext_lazy("The program"),
            ("name", "lead_agency", "kind", "counties", "cities", "summary", "since", "operation", "operation_note"),
        ),
        (gettext_lazy("How people reach it"), ("how_to_reach", "phone", "website", "hours_of_service")),
        (
            gettext_lazy("Facts"),
            (
                "serves_youth",
                "works_in_jail",
                "works_with_dispatch",
                "is_co_response",
                "is_day_and_night",
                "training_hours",
                "training_for",
            ),
        ),
        (gettext_lazy("You"), ("sender_name", "sender_email", "sender_role", "role_email", "words")),
    )

    sender_name = LineField(label=gettext_lazy("Your name"), max_length=120)
    sender_email = forms.EmailField(
        label=gettext_lazy("Your e-mail"), help_text=gettext_lazy("For questions, and to tell you what we did.")
    )
    sender_role = LineField(
        label=gettext_lazy("Your role at the program"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Leave it empty if you do not work there."),
    )
    role_email = forms.EmailField(
        label=gettext_lazy("The program’s role address"),
        required=False,
        help_text=gettext_lazy(
            "A shared mailbox, not a person’s. We never show it: visitors write through a form, and twice a year we "
            "ask there whether the listing is still right."
        ),
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy("Anything else we should know, such as where this can be looked up."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(listing_fields(listing.PUBLIC))
        for name in ("sender_name", "sender_email"):
            self.fields[name].widget.attrs["autocomplete"] = name.removeprefix("sender_")

    @property
    def fields_to_show(self):
        return [Fieldset(str(legend), *names) for legend, names in self.groups]

    def clean(self):
        data = super().clean()
        names = [name for name in listing.PUBLIC if name not in self.errors]
        for name, faults in listing.faults({name: data[name] for name in names}).items():
            self.add_error(name, faults)
        return data

    @property
    def said(self):
        """The listing as it was typed, in plain values; only of a valid form."""
        return {name: listing.plain(name, self.cleaned_data[name]) for name in listing.PUBLIC}


class AdditionForm(ListingForm):
    """A program that is not in the directory yet."""

    submit_label = gettext_lazy("Send the new listing")

    @property
    def proposal(self):
        """(before, proposed): nothing stood there before, and what was left empty is not proposed."""
        proposed = {name: value for name, value in self.said.items() if not listing.is_empty(value)}
        return {}, proposed | _role_email(self.cleaned_data)


class CorrectionForm(ListingForm):
    """A listing as it stands, to be changed.

    What the sender saw travels along, signed: should staff change the listing while the form is open, only what the
    sender changed counts as proposed. A form without it is compared with the listing as it is now.
    """

    submit_label = gettext_lazy("Send the correction")
    signs = "programs.forms.seen"

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, program, **kwargs):
        self.program = program
        super().__init__(*args, **kwargs)
        now = listing.values(program)
        self.before = self._read(self.data.get(self.add_prefix("seen"), "")) or now
        self.initial = {**self.before, **self.initial}
        self.fields["seen"].initial = signing.dumps([program.pk, now], salt=self.signs, compress=True)

    @property
    def fields_to_show(self):
        return [*super().fields_to_show, "seen"]

    def clean(self):
        data = super().clean()
        if not self.errors and not data["words"] and not self.proposal[1]:
            raise ValidationError(
                _("Nothing is changed yet. Change what is wrong above, or tell us in your own words.")
            )
        return data

    @property
    def proposal(self):
        """(before, proposed): the fields the sender changed, as they saw them and as they want them."""
        proposed = {
            name: value
            for name, value in self.said.items()
            if value != self.before.get(name) and not self._reads_the_same(name)
        }
        before = {name: self.before.get(name) for name in proposed}
        return before, proposed | _role_email(self.cleaned_data)

    def _reads_the_same(self, name):
        """Whether the field was sent as it was shown, though cleaning would write the value in another way."""
        return str(self[name].data) == str(self.fields[name].prepare_value(self.initial.get(name)))

    def _read(self, seen):
        try:
            number, before = signing.loads(seen, salt=self.signs)
        except signing.BadSignature:
            return None
        return before if number == self.program.pk else None


def _role_email(data):
    """Proposed wherever it is filled in, even as it stands: the form must not tell what the address is."""
    return {listing.ROLE_EMAIL: data["role_email"]} if data["role_email"] else {}


class LetterForm(PublicForm):
    """What a visitor writes to a program."""

    submit_label = gettext_lazy("Send the message")

    name = LineField(label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=gettext_lazy("The program answers you there."),
    )
    text = forms.CharField(
        label=gettext_lazy("Message"),
        max_length=MOST_WORDS,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("Nothing about anybody’s health, please: this goes by ordinary e-mail."),
    )
