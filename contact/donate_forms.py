"""What donors fill in."""

import re

from crispy_forms.layout import Field
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact.forms import Line
from contact.models import Donation, Purpose
from contact.money import MoneyField, shown, shown_short
from pages.forms import PublicForm

OTHER = "other"
LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)


class Amounts(Field):
    """A few choices that stand in a row, each as a button."""

    template = "donate/amounts.html"


class GiftForm(PublicForm):
    """A gift: how much, how often, for what, by which way, from whom.

    `giving` says what is suggested and allowed; without `takes_cards` the way is a pledge and nobody is asked. A valid
    form gives the fields of a `Donation` in `values()`.
    """

    submit_label = gettext_lazy("Give")

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=Donation.Frequency,
        initial=Donation.Frequency.ONCE,
        widget=forms.RadioSelect,
    )
    amount_once = forms.ChoiceField(label=gettext_lazy("Amount, once"), required=False, widget=forms.RadioSelect)
    amount_monthly = forms.ChoiceField(
        label=gettext_lazy("Amount, every month"), required=False, widget=forms.RadioSelect
    )
    own_amount = MoneyField(
        label=gettext_lazy("Other amount, in dollars"),
        required=False,
        widget=forms.TextInput({"autocomplete": "transaction-amount"}),
    )
    route = forms.ChoiceField(
        label=gettext_lazy("By"),
        choices=[
            (Donation.Route.CARD, gettext_lazy("Card, on the page of our card provider")),
            (Donation.Route.PLEDGE, gettext_lazy("Check or bank transfer: we send you a code and the address")),
        ],
        widget=forms.RadioSelect,
    )
    covers_fee = forms.BooleanField(label=gettext_lazy("Add the fee of the card provider to my gift"), required=False)
    fee_seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=12)
    purpose = forms.ModelChoiceField(
        Purpose.objects.none(),
        label=gettext_lazy("What it is for"),
        required=False,
        empty_label=gettext_lazy("Where it is needed most"),
    )
    tribute = forms.ChoiceField(
        label=gettext_lazy("In honor or in memory of somebody"), choices=Donation.Tribute, required=False
    )
    tribute_name = Line(label=gettext_lazy("Their name"), required=False, max_length=120)
    name = Line(label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        help_text=gettext_lazy("Your receipt goes there."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    shows_name = forms.BooleanField(label=gettext_lazy("You may name me as a donor in public"), required=False)

    def __init__(self, *args, giving, takes_cards, now, **kwargs):
        super().__init__(*args, now=now, **kwargs)
        self.giving = giving
        self.takes_cards = takes_cards
        for frequency in Donation.Frequency:
            choices = [(str(cents), shown_short(cents)) for cents in giving.suggested(frequency)]
            self.fields[f"amount_{frequency}"].choices = [*choices, (OTHER, _("Other amount"))]
        self.fields["own_amount"].help_text = _("From %(least)s to %(most)s.") % {
            "least": shown_short(giving.least_cents),
            "most": shown_short(giving.most_cents),
        }
        purposes = Purpose.objects.published(now)
        self.fields["purpose"].queryset = purposes
        self.fields["purpose"].label_from_instance = purpose_words
        if takes_cards:
            share, fixed = giving.fee_basis_points, giving.fee_fixed_cents
            self.fields["covers_fee"].widget.attrs |= {"data-share": share, "data-fixed": fixed}
            self.fields["covers_fee"].help_text = _("Only for a gift by card. The exact sum is shown before you pay.")
        else:
            for name in ("route", "covers_fee", "fee_seen"):
                del self.fields[name]
        if not purposes:
            del self.fields["purpose"]

    @property
    def fields_to_show(self):
        tribute = Field("tribute", template="donate/tribute.html")
        amounts = [Amounts("amount_once"), Amounts("amount_monthly")]
        order = [Amounts("frequency"), *amounts, "own_amount", "route", "covers_fee", "fee_seen", "purpose", tribute]
        order += ["name", "email", "shows_name"]
        return [part for part in order if not isinstance(part, str) or part in self.fields]

    @property
    def helper(self):
        helper = super().helper
        helper.form_id = "gift"
        return helper

    def clean_email(self):
        """One donor, one address: nobody keeps upper and lower case apart."""
        return self.cleaned_data["email"].lower()

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if any(LINK.search(data.get(name) or "") for name in ("name", "tribute_name")):
            # The names stand in a mail to an address that may be anybody's.
            self.is_suspicious = True
        if data.get("tribute") and not data.get("tribute_name") and "tribute_name" not in self.errors:
            self.add_error("tribute_name", _("Write the name of the person you honor."))
        if data.get("tribute_name") and not data.get("tribute") and "tribute" not in self.errors:
            self.add_error("tribute", _("Choose whether your gift is in honor or in memory."))
        if "frequency" in data and "own_amount" in data:
            self._decide_amount(data)
        return data

    def _decide_amount(self, data):
        """The suggested or the own amount, in cents; where both are given nobody knows which one was meant."""
        group = f"amount_{data['frequency']}"
        if group not in data:
            return
        chosen, own = data[group], data["own_amount"]
        if own is None and chosen in ("", OTHER):
            if chosen:
                self.add_error("own_amount", _("Write the amount you would like to give."))
            else:
                self.add_error(group, _("Choose an amount, or write another one."))
        elif own is not None and chosen not in ("", OTHER) and own != int(chosen):
            self.add_error(
                "own_amount",
                _("You chose %(chosen)s and wrote %(own)s. Empty this field, or choose “Other amount” above.")
                % {"chosen": shown(int(chosen)), "own": shown(own)},
            )
        else:
            data["amount_cents"] = int(chosen) if own is None else own
            self._check_limits(data["amount_cents"])

    def _check_limits(self, cents):
        giving = self.giving
        if cents < giving.least_cents:
            self.add_error(
                "own_amount",
                _("The least gift is %s: smaller ones cost more than they bring.") % shown(giving.least_cents),
            )
        elif cents > giving.most_cents:
            words = _("The largest gift here is %s. Please write to us: we arrange larger ones in person.")
            self.add_error("own_amount", words % shown(giving.most_cents))

    @property
    def route_chosen(self):
        return self.cleaned_data["route"] if self.takes_cards else Donation.Route.PLEDGE

    @property
    def fee_cents(self):
        """What the donor adds for the provider: nothing unless the gift goes by card."""
        if self.route_chosen != Donation.Route.CARD or not self.cleaned_data["covers_fee"]:
            return 0
        return self.giving.fee_on(self.cleaned_data["amount_cents"])

    @property
    def has_seen_fee(self):
        """Whether the page has shown the donor exactly this fee. Without a script it could not: the server does."""
        return not self.fee_cents or self.cleaned_data["fee_seen"] == str(self.fee_cents)

    def values(self):
        """The fields of the donation."""
        data = self.cleaned_data
        names = ("frequency", "amount_cents", "tribute", "tribute_name", "name", "email", "shows_name")
        return {
            **{name: data[name] for name in names},
            "purpose": data.get("purpose"),
            "route": self.route_chosen,
            "fee_cents": self.fee_cents,
        }

    def show_next_time(self, **values):
        """Let the form come back with these values in place of what was sent."""
        self.data = self.data.copy()
        for name, value in values.items():
            self.data[self.add_prefix(name)] = str(value)


def purpose_words(purpose):
    if purpose.unit_cents:
        return _("%(purpose)s (%(price)s)") % {"purpose": purpose.name, "price": shown_short(purpose.unit_cents)}
    return purpose.name


class PayForm(PublicForm):
    """Nothing but a button, guarded like every form of strangers."""

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.submit_label = label


class LinkForm(PublicForm):
    submit_label = gettext_lazy("Mail me my link")

    email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        help_text=gettext_lazy("The one you gave with your gift."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )


class AmountForm(PublicForm):
    """Another amount for a monthly pledge."""

    submit_label = gettext_lazy("Change the amount")

    amount = MoneyField(label=gettext_lazy("Every month, in dollars"))

    def __init__(self, *args, giving, **kwargs):
        super().__init__(*args, **kwargs)
        self.giving = giving

    def clean_amount(self):
        cents = self.cleaned_data["amount"]
        if not self.giving.least_cents <= cents <= self.giving.most_cents:
            raise ValidationError(
                _("Write an amount from %(least)s to %(most)s.")
                % {"least": shown(self.giving.least_cents), "most": shown(self.giving.most_cents)}
            )
        return cents
