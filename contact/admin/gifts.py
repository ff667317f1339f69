"""Gifts as staff see them: the list, one gift with what came of it, how gifts are taken, and the treasurer's view."""

from django.contrib import admin
from django.db.models import Q
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact import receipts
from contact.admin.gift_tools import GiftTools
from contact.models import Donation, Giving, ProviderEvent, Purpose, Spending
from contact.money import MoneyField, cents_of, shown
from contact.schedule import next_date
from pages.admin.base import PUBLISHING, NamedPosition, PublishableAdmin, RecordAdmin
from pages.models import Identity

IN_DOLLARS = {
    "amount_cents": gettext_lazy("Amount, in dollars"),
    "goal_cents": gettext_lazy("Goal, in dollars"),
    "unit_cents": gettext_lazy("What one costs, in dollars"),
    "least_cents": gettext_lazy("Least gift, in dollars"),
    "most_cents": gettext_lazy("Largest gift, in dollars"),
    "fee_fixed_cents": gettext_lazy("Fee of the card provider, fixed, in dollars"),
}
"""Fields that hold cents; staff read and write dollars."""


class TypedInDollars:
    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name not in IN_DOLLARS:
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return MoneyField(
            label=IN_DOLLARS[db_field.name],
            required=not (db_field.blank or db_field.null),
            help_text=db_field.help_text,
            initial=db_field.get_default(),
        )


class SuspicionFilter(admin.SimpleListFilter):
    title = gettext_lazy("suspicion")
    parameter_name = "suspicious"

    def lookups(self, request, model_admin):
        return [("yes", _("Perhaps sent by a program")), ("no", _("Not suspicious"))]

    def queryset(self, request, queryset):
        return queryset.filter(is_suspicious=self.value() == "yes") if self.value() else queryset


@admin.register(Donation)
class DonationAdmin(GiftTools, TypedInDollars, RecordAdmin):
    list_display = ["donor", "amount", "standing", "code", "day"]
    list_filter = ["state", "route", "frequency", SuspicionFilter, "purpose"]
    search_fields = ["reference", "name", "email", "payments__mark", "payments__receipt", "tribute_name"]
    search_help_text = gettext_lazy("The code on the check, the name, the e-mail, the amount or a receipt.")
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    add_fieldsets = [
        (
            gettext_lazy("A gift that did not come through this site"),
            {"fields": [("amount_cents", "frequency"), "purpose", ("name", "email"), "shows_name"]},
        ),
        (gettext_lazy("Tribute"), {"fields": [("tribute", "tribute_name")]}),
        (gettext_lazy("For staff"), {"fields": ["note"]}),
    ]
    change_fieldsets = [
        (
            gettext_lazy("The gift"),
            {"fields": [("amount", "standing"), ("made_on", "next_one")]},
        ),
        (gettext_lazy("Donor"), {"fields": [("name", "email"), "shows_name"]}),
        (gettext_lazy("What it is for"), {"fields": ["purpose", ("tribute", "tribute_name")]}),
        (gettext_lazy("For staff"), {"fields": ["note"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        return self.change_fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request, obj=None):
        return ["amount", "standing", "made_on", "next_one"] if obj else []

    def has_delete_permission(self, request, obj=None):
        """What was given stays in the books; only what was never paid may go."""
        if obj and obj.payments.exists():
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request, obj, form, change):
        if not change:
            obj.made = timezone.now()
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """Staff write down a gift because its money is there: that is what comes next."""
        if "_continue" in request.POST or "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return redirect("admin:contact_donation_payment", obj.pk)

    def get_search_results(self, request, queryset, search_term):
        """A code may be typed without its hyphen, as on a check; an amount as on a list of the bank."""
        found, _duplicates = super().get_search_results(request, queryset, search_term)
        also = Q(reference=code_of(search_term))
        try:
            cents = cents_of(search_term)
        except ValueError:
            pass
        else:
            also |= Q(amount_cents=cents) | Q(payments__amount_cents=cents)
        if search_term.strip():
            found |= queryset.filter(also)
        return found, True

    @admin.display(description=gettext_lazy("donor"), ordering="name")
    def donor(self, donation):
        return format_html('{} <small class="row-more">{}</small>', donation.name, donation.email)

    @admin.display(description=gettext_lazy("amount"), ordering="amount_cents")
    def amount(self, donation):
        """What is paid each time, and below it how often and by which way."""
        more = [donation.get_frequency_display(), donation.get_route_display()]
        if donation.fee_cents:
            more.append(_("%s of it for the fee") % shown(donation.fee_cents))
        return format_html('{} <small class="row-more">{}</small>', shown(donation.total_cents), ", ".join(more))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, donation):
        words = format_html('<span class="badge badge--{}">{}</span>', donation.state, donation.get_state_display())
        if donation.is_suspicious:
            words = format_html('{} <span class="badge badge--draft">{}</span>', words, _("Suspicious"))
        return words

    @admin.display(description=gettext_lazy("code"), ordering="reference")
    def code(self, donation):
        return donation.reference

    @admin.display(description=gettext_lazy("day"), ordering="made")
    def day(self, donation):
        return date_format(timezone.localtime(donation.made), "M j, Y")

    @admin.display(description=gettext_lazy("made"))
    def made_on(self, donation):
        return receipts.day(timezone.localtime(donation.made))

    @admin.display(description=gettext_lazy("next one"), empty_value="–")
    def next_one(self, donation):
        due = next_date(donation)
        return receipts.next_words(donation, due) if due else None


def code_of(text):
    """A reference as it is stored, out of what stands on a check."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    return f"{signs[:1]}-{signs[1:]}"


@admin.register(Purpose)
class PurposeAdmin(TypedInDollars, PublishableAdmin):
    list_display = ["name", "summary", "price", "state", "position"]
    list_editable = ["position"]
    search_fields = ["name", "summary"]
    fieldsets = [
        (None, {"fields": ["name", "summary", ("unit_cents", "goal_cents"), "position"]}),
        PUBLISHING,
    ]
    view_on_site = False

    def get_changelist_form(self, request, **kwargs):
        return NamedPosition

    @admin.display(description=gettext_lazy("what one costs"), ordering="unit_cents", empty_value="–")
    def price(self, purpose):
        return shown(purpose.unit_cents) if purpose.unit_cents else None


@admin.register(Spending)
class SpendingAdmin(TypedInDollars, RecordAdmin):
    list_display = ["words", "amount", "spent_on", "purpose"]
    list_filter = ["purpose"]
    list_select_related = ["purpose"]
    search_fields = ["words"]
    fields = ["purpose", "amount_cents", "spent_on", "words", "address"]
    view_on_site = False

    @admin.display(description=gettext_lazy("amount"), ordering="amount_cents")
    def amount(self, spending):
        return shown(spending.amount_cents)


@admin.register(Giving)
class GivingAdmin(TypedInDollars, RecordAdmin):
    """There is one way of taking gifts: its list leads straight to it."""

    view_on_site = False
    fieldsets = [
        (gettext_lazy("Who receives gifts"), {"fields": ["is_open", "legal_name", "is_deductible"]}),
        (
            gettext_lazy("The form"),
            {"fields": ["introduction", ("suggested_once", "suggested_monthly"), ("least_cents", "most_cents")]},
        ),
        (
            gettext_lazy("Checks and transfers"),
            {"fields": ["payee", "check_address", "transfer_instructions", "treasurer_addresses"]},
        ),
        (gettext_lazy("Cards"), {"fields": [("fee_basis_points", "fee_fixed_cents")]}),
        (gettext_lazy("In public"), {"fields": ["shows_ledger"]}),
    ]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Giving.objects.exists()

    def get_model_perms(self, request):
        """Asked on every page of the staff's side, so without the database; the list leads to the form anyway."""
        view, change = self.has_view_permission(request), self.has_change_permission(request)
        return {"view": view, "change": change, "add": False, "delete": False}

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        giving = Giving.objects.first()
        if giving and self.has_view_or_change_permission(request):
            return redirect("admin:contact_giving_change", giving.pk)
        return super().changelist_view(request, extra_context)

    def render_change_form(self, request, context, **kwargs):
        giving = kwargs.get("obj")
        if giving and request.method == "GET" and (words := receipts.missing(giving, Identity.load())):
            text = _("Receipts would go out without: %s. Legal name here, the rest under “Identity”.")
            self.message_user(request, text % ", ".join(words), "warning", fail_silently=True)
        return super().render_change_form(request, context, **kwargs)


class FaultFilter(admin.SimpleListFilter):
    title = gettext_lazy("fault")
    parameter_name = "fault"

    def lookups(self, request, model_admin):
        return [("yes", _("Somebody must look")), ("no", _("None"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.exclude(fault="")
        return queryset.filter(fault="") if self.value() == "no" else queryset


@admin.register(ProviderEvent)
class ProviderEventAdmin(RecordAdmin):
    """What the card provider told us, and where comparing with it found a difference. Nobody writes here."""

    list_display = ["kind", "fault", "created", "handled"]
    list_filter = [FaultFilter, "kind", ("handled", admin.EmptyFieldListFilter)]
    search_fields = ["event_id", "kind", "fault"]
    actions = ["settle"]
    view_on_site = False

    @admin.action(description=gettext_lazy("Settled: nothing is left to do"), permissions=["settle"])
    def settle(self, request, queryset):
        for event in queryset.exclude(fault=""):
            event.fault = ""
            event.save(update_fields=["fault"])
            self.log_change(request, event, _("Settled"))
        self.message_user(request, _("What you chose is settled."))

    def has_settle_permission(self, request):
        return request.user.has_perm("contact.change_providerevent")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
