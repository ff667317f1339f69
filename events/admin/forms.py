"""What staff fill in beside the plain fields of an event."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import repeat, rules
from events.models import Credit, Event, Session, SessionHours


class DollarField(forms.DecimalField):
    """An amount that staff write in dollars and that is stored in cents."""

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_digits=9, decimal_places=2, **kwargs)

    def prepare_value(self, value):
        return Decimal(value).scaleb(-2) if isinstance(value, int) else value

    def clean(self, value):
        dollars = super().clean(value)
        return None if dollars is None else int(dollars * 100)

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class EventForm(forms.ModelForm):
    """An event, which checks its rows as well: `rows_in_hand` of the instance are their formsets."""

    price_cents = DollarField(label=gettext_lazy("Price in dollars"), required=False)

    def _post_clean(self):
        """Only now the instance has what was posted: rows checked before would be read in the former zone."""
        super()._post_clean()
        if self.instance.status == Event.Status.PUBLISHED:
            refuse_faults(self.instance, getattr(self.instance, "rows_in_hand", ()))


def refuse_faults(event, formsets):
    """Check the rules of publishing on what is about to be stored, and say beside each field what is wrong.

    Rows about to be deleted are left out. A form that fails by itself counts with what it has.
    """
    by_kind = {Session: [], Credit: [], SessionHours: []}
    for formset in formsets:
        if formset.model in by_kind:
            formset.is_valid()
            by_kind[formset.model] += [
                form
                for form in formset.forms
                if (form.instance.pk or form.has_changed()) and not form.cleaned_data.get(DELETION_FIELD_NAME)
            ]
    rows = [[form.instance for form in by_kind[kind]] for kind in by_kind]
    for fault in rules.faults(event, *rows):
        form = next(
            form for forms_of_kind in by_kind.values() for form in forms_of_kind if form.instance is fault.record
        )
        form.add_error(fault.field, fault.message)


class StateForm(forms.Form):
    """Why an event is cancelled or postponed."""

    state_reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=Event._meta.get_field("state_reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One plain sentence. It is shown on the event’s page and in calendars, to everybody who planned to come."
        ),
        error_messages={"required": gettext_lazy("Say why in a sentence; everybody who planned to come will read it.")},
    )


class RepeatForm(forms.Form):
    """On which days a class is held again: picked ones, every so many weeks, or by weekday each month."""

    PICKED, WEEKLY, MONTHLY = "dates", "weekly", "monthly"

    way = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            (PICKED, gettext_lazy("On dates I pick")),
            (WEEKLY, gettext_lazy("Every week, or every few weeks")),
            (MONTHLY, gettext_lazy("Every month on the same weekday")),
        ],
        widget=forms.RadioSelect,
    )
    dates = forms.CharField(
        label=gettext_lazy("Dates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": "2027-09-02"}),
        help_text=gettext_lazy("One a line, as 2027-09-02: the day of the first session. The others follow it."),
    )
    every = forms.IntegerField(label=gettext_lazy("Every how many weeks"), min_value=1, max_value=52, required=False)
    place = forms.TypedChoiceField(
        label=gettext_lazy("Which one of the month"),
        coerce=int,
        required=False,
        choices=[
            (1, gettext_lazy("First")),
            (2, gettext_lazy("Second")),
            (3, gettext_lazy("Third")),
            (4, gettext_lazy("Fourth")),
            (repeat.LAST, gettext_lazy("Last")),
        ],
    )
    weekday = forms.TypedChoiceField(
        label=gettext_lazy("Weekday"), coerce=int, required=False, choices=list(WEEKDAYS.items())
    )
    first = forms.DateField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many copies"), min_value=1, max_value=repeat.MOST, required=False
    )
    until = forms.DateField(
        label=gettext_lazy("Or until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    @classmethod
    def first_guess(cls, event, today):
        """What the empty form offers: the event's own weekday, from its next occurrence to come on."""
        day = repeat.first_day(event)
        place = min((day.day - 1) // 7 + 1, 4)
        weeks = max((today - day).days // 7, 0) + 1
        return {
            "way": cls.PICKED,
            "every": 1,
            "place": place,
            "weekday": day.weekday(),
            "first": day + timedelta(weeks=weeks),
            "count": 4,
        }

    def clean_dates(self):
        return sorted({_day(line.strip()) for line in self.cleaned_data["dates"].splitlines() if line.strip()})

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        needed = {
            self.PICKED: {"dates": _("Write at least one date.")},
            self.WEEKLY: {"every": _("Write a number of weeks."), "first": _("Choose the first date.")},
            self.MONTHLY: {"place": _("Choose one."), "weekday": _("Choose one."), "first": _("Choose a date.")},
        }[data["way"]]
        for name, sentence in needed.items():
            if data.get(name) in (None, "", []):
                self.add_error(name, sentence)
        if data["way"] != self.PICKED and not (data.get("count") or data.get("until")):
            self.add_error("count", _("Say how many copies, or until when."))
        return data

    @property
    def days(self):
        """The dates that were asked for; only of a valid form."""
        data = self.cleaned_data
        if data["way"] == self.PICKED:
            return data["dates"]
        if data["way"] == self.WEEKLY:
            return repeat.weekly(data["first"], data["every"], data["count"], data["until"])
        return repeat.monthly(data["first"], data["place"], data["weekday"], data["count"], data["until"])


def _day(text):
    for form in ("%Y-%m-%d", "%m/%d/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise ValidationError(_("“%s” is no date. Write one a line, as 2027-09-02.") % text)
