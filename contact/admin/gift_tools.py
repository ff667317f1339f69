"""What staff do with a gift, each on a small page of its own, and the treasurer's view."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contact import giving as gifts
from contact import payments, receipts, treasury
from contact.models import Donation, Giving, Payment
from contact.money import MoneyField, shown
from contact.schedule import left_of
from pages.models import Identity
from pages.time_zones import zone_of


class PaymentForm(forms.Form):
    """Money that came by check, transfer or in cash."""

    amount = MoneyField(label=gettext_lazy("Amount, in dollars"))
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    method = forms.ChoiceField(
        label=gettext_lazy("By"),
        choices=[choice for choice in Payment.Method.choices if choice[0] != Payment.Method.CARD],
        widget=forms.RadioSelect,
    )
    mark = forms.CharField(label=gettext_lazy("Number of the check or transfer"), required=False, max_length=60)
    value = MoneyField(
        label=gettext_lazy("Value of what the donor received, in dollars"),
        required=False,
        help_text=gettext_lazy("A dinner, a book: its fair market value. The receipt states and subtracts it."),
    )
    value_words = forms.CharField(label=gettext_lazy("What the donor received"), required=False, max_length=160)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_amount(self):
        if not self.cleaned_data["amount"]:
            raise forms.ValidationError(_("Write how much came."))
        return self.cleaned_data["amount"]

    def clean_received_on(self):
        if self.cleaned_data["received_on"] > self.today:
            raise forms.ValidationError(_("This day is still to come. Write the day on which the money came."))
        return self.cleaned_data["received_on"]

    def clean(self):
        data = super().clean()
        value, words = data.get("value") or 0, data.get("value_words", "")
        if bool(value) != bool(words) and not self.errors:
            text = _("Say what the donor received and what it is worth, or neither.")
            self.add_error("value" if words else "value_words", text)
        if value and data.get("amount") and value > data["amount"]:
            self.add_error("value", _("What the donor received cannot be worth more than the gift."))
        data["value"] = value
        return data


class RefundForm(forms.Form):
    """Money that staff sent back."""

    amount = MoneyField(label=gettext_lazy("Amount, in dollars"))
    refunded_on = forms.DateField(
        label=gettext_lazy("Sent back on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=200, help_text=gettext_lazy("For staff.")
    )

    def __init__(self, *args, left, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.left = left
        self.today = today

    def clean_amount(self):
        cents = self.cleaned_data["amount"]
        if not 0 < cents <= self.left:
            raise forms.ValidationError(_("At most %s of this payment is left.") % shown(self.left))
        return cents

    def clean_refunded_on(self):
        if self.cleaned_data["refunded_on"] > self.today:
            raise forms.ValidationError(_("This day is still to come. Write the day on which the money went back."))
        return self.cleaned_data["refunded_on"]


class GiftTools:
    """The part of a gift's admin that holds these pages."""

    change_form_template = "admin/contact/donation/change_form.html"
    change_list_template = "admin/contact/donation/change_list.html"

    def get_urls(self):
        pages = {
            "treasury": ("treasury/", require_safe(self.treasury_view)),
            "treasury_csv": ("treasury/<int:year>.csv", require_safe(self.treasury_csv_view)),
            "payment": ("<path:object_id>/payment/", require_http_methods(["GET", "POST"])(self.payment_view)),
            "refund": ("payments/<int:number>/refund/", require_http_methods(["GET", "POST"])(self.refund_view)),
            "receipt": ("payments/<int:number>/receipt/", require_safe(self.receipt_view)),
            "resend": ("payments/<int:number>/resend/", require_POST(self.resend_view)),
            "decide": ("<path:object_id>/decide/<slug:decision>/", require_POST(self.decide_view)),
        }
        view = self.admin_site.admin_view
        own = [path(route, view(page), name=f"contact_donation_{name}") for name, (route, page) in pages.items()]
        return [*own, *super().get_urls()]

    def render_change_form(self, request, context, **kwargs):
        donation = kwargs.get("obj")
        if donation:
            context |= {
                "gift": donation,
                "gift_payments": donation.payments.prefetch_related("refunds"),
                "may_change": self.has_change_permission(request, donation),
                "decisions": self._decisions(donation) if self.has_change_permission(request, donation) else [],
            }
        return super().render_change_form(request, context, **kwargs)

    def changelist_view(self, request, extra_context=None):
        shows = {"shows_treasury": request.user.has_perm("contact.view_treasury")}
        return super().changelist_view(request, {**shows, **(extra_context or {})})

    # One gift

    def _decisions(self, donation):
        """(last part of the address, button) of what may be decided about a gift at once."""
        found = []
        if donation.is_suspicious:
            found.append(("accept", _("A person sent it: let it go its way")))
        if donation.goes_on and (donation.route == Donation.Route.PLEDGE or payments.is_on()):
            found.append(("stop", _("Stop the monthly gift")))
        if donation.state == Donation.State.OPEN:
            found.append(("give-up", _("It will not be paid")))
        return found

    def decide_view(self, request, object_id, decision):
        donation = self._gift(request, object_id)
        if decision not in dict(self._decisions(donation)):
            raise Http404
        try:
            self._decide(donation, decision)
        except payments.ProviderAwayError:
            self.message_user(request, _("The card provider does not answer; nothing has changed."), messages.ERROR)
        else:
            self.log_change(request, donation, [{"changed": {"fields": [_("state")]}}])
            self.message_user(request, _("It is done. The donor is told by mail where there is something to tell."))
        return self._back(donation)

    def _decide(self, donation, decision):
        if decision == "accept":
            gifts.accept(donation)
        elif decision == "give-up":
            gifts.give_up(donation)
        else:
            gifts.end(donation, timezone.now())

    def payment_view(self, request, object_id):
        donation = self._gift(request, object_id)
        today = self._today()
        begun = {"amount": donation.total_cents, "received_on": today, "method": Payment.Method.CHECK}
        form = PaymentForm(request.POST or None, today=today, initial=begun)
        if form.is_valid():
            data = form.cleaned_data
            payment = gifts.record_payment(
                donation,
                data["amount"],
                data["received_on"],
                data["method"],
                mark=data["mark"],
                value_cents=data["value"],
                value_words=data["value_words"],
                recorded_by=request.user,
            )
            self.log_change(request, donation, [{"added": {"name": _("payment"), "object": str(payment)}}])
            self._say_sent(request, payment)
            return self._back(donation)
        context = {"form": form, "button": _("Record it and send the receipt")}
        return self._page(request, donation, _("Record a payment for %s") % donation.reference, context)

    def _say_sent(self, request, payment):
        if payment.donation.email:
            text = _("Receipt %(number)s is on its way to %(email)s.")
            words = {"number": payment.receipt, "email": payment.donation.email}
            self.message_user(request, text % words, messages.SUCCESS)
        else:
            text = _("Receipt %s is ready below: print it and send it by post, this donor has no e-mail here.")
            self.message_user(request, text % payment.receipt, messages.WARNING)
        if words := receipts.missing(Giving.load(), Identity.load()):
            text = _("The receipt could not state: %s. Donors need it for their taxes.")
            self.message_user(request, text % ", ".join(words), messages.WARNING)

    def refund_view(self, request, number):
        payment = self._payment(request, number)
        donation = payment.donation
        if payment.provider_id:
            text = _("A gift by card is sent back on the page of the card provider; it is recorded here by itself.")
            self.message_user(request, text, messages.WARNING)
            return self._back(donation)
        today, left = self._today(), left_of(payment)
        form = RefundForm(request.POST or None, left=left, today=today, initial={"amount": left, "refunded_on": today})
        if form.is_valid():
            data = form.cleaned_data
            try:
                refund = gifts.record_refund(payment, data["amount"], data["refunded_on"], data["reason"])
            except gifts.TooMuchError:
                form.add_error("amount", _("Somebody recorded another refund in the meantime. Look once more."))
            else:
                self.log_change(request, donation, [{"added": {"name": _("refund"), "object": str(refund)}}])
                self.message_user(request, _("The corrected receipt is on its way."), messages.SUCCESS)
                return self._back(donation)
        context = {"form": form, "button": _("Record it and send the corrected receipt")}
        return self._page(request, donation, _("Money sent back of %s") % payment.receipt, context)

    def receipt_view(self, request, number):
        """The receipt to print, for everybody who may see the gift."""
        payment = get_object_or_404(receipts.payments_with_all(), pk=number)
        if not self.has_view_or_change_permission(request, payment.donation):
            raise PermissionDenied
        paper = receipts.receipt_of(payment)
        disposition = f'attachment; filename="{receipts.file_name(paper)}"'
        return HttpResponse(
            receipts.pdf(paper), content_type="application/pdf", headers={"Content-Disposition": disposition}
        )

    def resend_view(self, request, number):
        payment = self._payment(request, number)
        gifts.send_receipt_again(payment, timezone.now())
        self._say_sent(request, payment)
        return self._back(payment.donation)

    # The treasurer's view

    def treasury_view(self, request):
        self._may_see_treasury(request)
        today = self._today()
        years = treasury.years() or [today.year]
        chosen = request.GET.get("year", "")
        year = int(chosen) if chosen.isascii() and chosen.isdigit() and int(chosen) in years else years[0]
        context = {"book": treasury.year_of(year), "years": years, "methods": Payment.Method.choices}
        return self._page(request, None, _("Treasurer’s view"), context, "treasury.html")

    def treasury_csv_view(self, request, year):
        self._may_see_treasury(request)
        if year not in treasury.years():
            raise Http404
        return HttpResponse(
            treasury.table(year),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="gifts-{year}.csv"'},
        )

    def _may_see_treasury(self, request):
        if not request.user.has_perm("contact.view_treasury"):
            raise PermissionDenied

    # What these pages share

    def _today(self):
        return timezone.localdate(timezone=zone_of(Identity.load()))

    def _gift(self, request, object_id):
        donation = self.get_object(request, unquote(object_id))
        if donation is None:
            raise Http404
        if not self.has_change_permission(request, donation):
            raise PermissionDenied
        return donation

    def _payment(self, request, number):
        payment = get_object_or_404(Payment.objects.select_related("donation"), pk=number)
        if not self.has_change_permission(request, payment.donation):
            raise PermissionDenied
        return payment

    def _back(self, donation):
        return redirect("admin:contact_donation_change", quote(donation.pk))

    def _page(self, request, donation, title, context, template="tool.html"):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "gift": donation,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/contact/donation/{template}", context)
