"""The public pages of gifts."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contact import giving as gifts
from contact import ledger as books
from contact import payments, receipts, statements
from contact.donate_forms import AmountForm, GiftForm, LinkForm, PayForm
from contact.donor_links import OPEN_FOR, donor_of, gift_to_stop, mail_link, stop_path, whole
from contact.models import Donation, Giving, Purpose
from contact.money import shown
from contact.pledges import takes_gifts, ways_of
from contact.schedule import next_date
from pages.forms import public_post
from pages.limits import Limit, refusal
from pages.secret_addresses import secret_address

MINUTES, DAY = timedelta(minutes=10), timedelta(days=1)
GIFTS = Limit("gift", each=((6, MINUTES), (30, DAY)), together=((120, MINUTES),))
"""Stolen cards are tried out by the hundred in minutes; a family at one address gives a few times in an evening."""
LINKS = Limit("gift link", each=((5, MINUTES),), together=((60, MINUTES),))
CHANGES = Limit("gift change", each=((20, MINUTES),))

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@public_post
def give(request):
    """The form. A gift by card whose fee the donor covers comes back once with the exact sum, unless it was shown."""
    giving, now = Giving.load(), timezone.now()
    if not takes_gifts(giving, request.identity):
        return _closed(request, giving, now)
    takes_cards = payments.is_on()
    if takes_cards:
        request.form_hosts = payments.form_hosts()
    form = GiftForm(request.POST or None, giving=giving, takes_cards=takes_cards, now=now)
    if request.method == "POST" and form.is_valid():
        return _take(request, form, giving, now)
    return _form(request, form, giving)


def _closed(request, giving, now):
    """An honest page in place of the form. Donors of before still find their way."""
    context = {
        "giving": giving,
        "purposes": Purpose.objects.published(now),
        "has_gifts": Donation.objects.exists(),
    }
    return render(request, "donate/closed.html", context)


def _take(request, form, giving, now):
    """Store a valid gift and lead on, or come back with everything typed."""
    if not form.has_seen_fee:
        form.show_next_time(fee_seen=form.fee_cents)
        return _form(request, form, giving, review=form.values())
    if refused := refusal(GIFTS, request, now):
        form.add_error(None, refused)
        return _form(request, form, giving, status=429)
    donation = gifts.give(form.values(), now, is_suspicious=form.is_suspicious)
    if donation.route != Donation.Route.CARD or donation.is_suspicious:
        return redirect("donate:thanks", donation.reference)
    try:
        return redirect(_checkout(donation))
    except payments.ProviderAwayError:
        form.show_next_time(route=Donation.Route.PLEDGE)
        form.add_error(
            None,
            _(
                "The card provider does not answer now, so nothing was charged. What you wrote is still here. Try the "
                "card again in a while, or send this gift by check or transfer: that is chosen below."
            ),
        )
        return _form(request, form, giving, status=503)


def _form(request, form, giving, status=200, review=None):
    total = review and review["amount_cents"] + review["fee_cents"]
    context = {"form": form, "giving": giving, "review": review, "total": total}
    return render(request, "donate/give.html", context, status=status)


def _checkout(donation):
    """The address of the provider's page for this gift."""
    thanks, pay = (whole(reverse(f"donate:{name}", args=[donation.reference])) for name in ("thanks", "pay"))
    return payments.start_checkout(donation, thanks, pay)


@secret_address
@require_safe
def thanks(request, reference):
    """What happens next, to be printed. Whoever knows the code sees the amount, but not who gave it."""
    donation = get_object_or_404(Donation.objects.select_related("purpose"), reference=reference)
    giving = Giving.load()
    context = {"donation": donation, "giving": giving, "ways": ways_of(giving, request.identity)}
    return render(request, "donate/thanks.html", context)


@secret_address
@form_page
@public_post
def pay(request, reference):
    """For a donor who came back from the provider's page without having paid."""
    donation = get_object_or_404(Donation, reference=reference, route=Donation.Route.CARD)
    if donation.state != Donation.State.OPEN or donation.is_suspicious or not payments.is_on():
        return redirect("donate:thanks", reference)
    request.form_hosts = payments.form_hosts()
    now, status = timezone.now(), 200
    form = PayForm(request.POST or None, now=now, label=_("Pay %s by card") % shown(donation.total_cents))
    if request.method == "POST" and form.is_valid():
        if refused := refusal(GIFTS, request, now):
            form.add_error(None, refused)
            status = 429
        else:
            try:
                return redirect(_checkout(donation))
            except payments.ProviderAwayError:
                form.add_error(None, _("The card provider does not answer now. Nothing was charged; try again later."))
                status = 503
    return render(request, "donate/pay.html", {"donation": donation, "form": form}, status=status)


@secret_address
@form_page
@public_post
def stop(request, token):
    """One question and one button. The link stands on every receipt of a monthly gift and never expires."""
    donation = gift_to_stop(token)
    if donation is None:
        raise Http404
    now, status = timezone.now(), 200
    form = PayForm(request.POST or None, now=now, label=_("Stop my monthly gift"))
    if donation.goes_on and request.method == "POST" and form.is_valid():
        try:
            gifts.end(donation, now)
        except payments.ProviderAwayError:
            form.add_error(None, _("The card provider does not answer now, so your gift goes on. Try again later."))
            status = 503
        else:
            return redirect("donate:stop", token)
    return render(request, "donate/stop.html", {"donation": donation, "form": form}, status=status)


@form_page
@public_post
def my_link(request):
    """Mails the link to a donor's gifts. The answer is the same whether the address is known or not."""
    now, status = timezone.now(), 200
    form = LinkForm(request.POST or None, now=now)
    if request.method == "POST" and form.is_valid():
        if refused := refusal(LINKS, request, now):
            form.add_error(None, refused)
            status = 429
        else:
            if not form.is_suspicious:
                mail_link(form.cleaned_data["email"], now)
            return render(request, "donate/link_sent.html", {"days": OPEN_FOR.days})
    return render(request, "donate/my_link.html", {"form": form, "days": OPEN_FOR.days}, status=status)


@secret_address
@require_safe
def my_gifts(request, token):
    """All gifts of a donor, with what can be done about each."""
    donor = donor_of(token)
    if donor is None:
        return _too_old(request)
    rows = [(gift, next_date(gift), stop_path(gift) if gift.goes_on else "") for gift in books.gifts_of(donor.email)]
    context = {
        "token": token,
        "donor": donor,
        "rows": rows,
        "years": statements.years_of(donor.email),
        "takes_cards": payments.is_on(),
        "days": OPEN_FOR.days,
    }
    return render(request, "donate/my_gifts.html", context)


def _too_old(request):
    return render(request, "donate/too_old.html", {"days": OPEN_FOR.days}, status=404)


@secret_address
@form_page
@public_post
def change(request, token, reference):
    """Change one monthly gift: the amount of a pledge here, a card on the provider's page."""
    donor = donor_of(token)
    if donor is None:
        return _too_old(request)
    donation = get_object_or_404(Donation.objects.of_donor(donor.email).trusted(), reference=reference)
    if not donation.goes_on:
        return redirect("donate:my_gifts", token)
    if donation.route == Donation.Route.CARD:
        return _change_card(request, token, donation)
    now = timezone.now()
    form = AmountForm(request.POST or None, now=now, giving=Giving.load(), initial={"amount": donation.amount_cents})
    status = 200
    if request.method == "POST" and form.is_valid():
        if refused := refusal(CHANGES, request, now):
            form.add_error(None, refused)
            status = 429
        else:
            gifts.change_amount(donation, form.cleaned_data["amount"])
            return redirect("donate:my_gifts", token)
    return _change_page(request, token, donation, form, status)


def _change_card(request, token, donation):
    """Lead to the provider's page where a card is changed."""
    if not (payments.is_on() and donation.customer_id):
        raise Http404
    request.form_hosts = payments.form_hosts()
    now, status = timezone.now(), 200
    form = PayForm(request.POST or None, now=now, label=_("Go to the card provider"))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(payments.portal_url(donation, whole(reverse("donate:my_gifts", args=[token]))))
        except (payments.ProviderAwayError, payments.UnknownToProviderError):
            form.add_error(None, _("The card provider does not answer now. Try again later."))
            status = 503
    return _change_page(request, token, donation, form, status)


def _change_page(request, token, donation, form, status):
    context = {"token": token, "donation": donation, "form": form, "stop_path": stop_path(donation)}
    return render(request, "donate/change.html", context, status=status)


@secret_address
@require_safe
def receipt(request, token, number):
    donor = donor_of(token)
    if donor is None:
        return _too_old(request)
    of_donor = receipts.payments_with_all().filter(donation__in=Donation.objects.of_donor(donor.email))
    return _pdf(receipts.receipt_of(get_object_or_404(of_donor, receipt=number)))


@secret_address
@require_safe
def statement(request, token, year):
    donor = donor_of(token)
    if donor is None:
        return _too_old(request)
    paper = statements.statement_of(donor.email, year)
    if paper is None:
        raise Http404
    return _pdf(paper)


def _pdf(paper):
    disposition = f'attachment; filename="{receipts.file_name(paper)}"'
    return HttpResponse(
        receipts.pdf(paper), content_type="application/pdf", headers={"Content-Disposition": disposition}
    )


@require_safe
def ledger(request):
    """What was promised, received and used, where staff show it."""
    if not Giving.load().shows_ledger:
        raise Http404
    return render(request, "donate/ledger.html", {"ledger": books.ledger(timezone.now())})
