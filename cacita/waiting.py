"""What waits for somebody of the staff: the first lines of their start page.

A line is `(words, how many, address)`: the words follow the number, the address leads to the list of these records. A
function here gives the lines of one kind of work, as far as the person may see it, and none where there is nothing.
"""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contact.models import Donation, Message, ProviderEvent
from contact.review import LONG
from contact.silence import silence
from pages.models import Mail
from programs.models import Correction, Letter
from resources import checks
from resources.models import CrisisLine


def mail(request):
    """What no server took, and what waits so long that the server, or the timed work, deserves a look."""
    if not may_see(request.user, "pages", "mail"):
        return
    address = reverse("admin:pages_mail_changelist")
    if count := Mail.objects.failed().count():
        words = ngettext("e-mail could not be delivered", "e-mails could not be delivered", count)
        yield words, count, f"{address}?state=failed"
    if count := Mail.objects.late(timezone.now()).count():
        words = ngettext("e-mail waits for over an hour", "e-mails wait for over an hour", count)
        yield words, count, f"{address}?state=late"


def messages(request):
    """New messages, those that wait too long, what a person should look at first, and a form that fell silent."""
    if not may_see(request.user, "contact", "message"):
        return
    now = timezone.now()
    address = reverse("admin:contact_message_changelist")
    counts = Message.objects.waiting().aggregate(
        new=Count("pk", filter=Q(suspicion=[], state=Message.State.NEW)),
        late=Count("pk", filter=Q(suspicion=[], sent__lte=now - LONG)),
        suspicious=Count("pk", filter=~Q(suspicion=[])),
    )
    if count := counts["new"]:
        yield ngettext("new message", "new messages", count), count, f"{address}?state=new&suspicious=no"
    if count := counts["late"]:
        words = ngettext("message waits for over 3 days", "messages wait for over 3 days", count)
        yield words, count, f"{address}?state=late&suspicious=no"
    if count := counts["suspicious"]:
        words = ngettext("suspicious message to look at", "suspicious messages to look at", count)
        yield words, count, f"{address}?state=waiting&suspicious=yes"
    if quiet := silence(now):
        words = _("days without a message, which is unusual: try the contact form")
        yield words, quiet.days, reverse("contact:form")


def gifts(request):
    """Pledges whose money has not come, and gifts a person should look at before anything happens."""
    if not may_see(request.user, "contact", "donation"):
        return
    address = reverse("admin:contact_donation_changelist")
    if count := Donation.objects.waiting().count():
        words = ngettext("pledge waits for its money", "pledges wait for their money", count)
        yield words, count, f"{address}?state__exact=open&route__exact=pledge&suspicious=no"
    if count := Donation.objects.filter(is_suspicious=True, state=Donation.State.OPEN).count():
        words = ngettext("suspicious gift to look at", "suspicious gifts to look at", count)
        yield words, count, f"{address}?state__exact=open&suspicious=yes"


def proposals(request):
    """What partners propose for the directory, and letters to programs that seem to come from no person."""
    if may_see(request.user, "programs", "correction"):
        counts = Correction.objects.filter(state=Correction.State.NEW).aggregate(
            new=Count("pk", filter=Q(is_suspicious=False)), suspicious=Count("pk", filter=Q(is_suspicious=True))
        )
        address = f"{reverse('admin:programs_correction_changelist')}?state__exact={Correction.State.NEW}"
        if count := counts["new"]:
            words = ngettext("proposal for the directory", "proposals for the directory", count)
            yield words, count, f"{address}&suspicious=no"
        if count := counts["suspicious"]:
            words = ngettext("suspicious proposal to look at", "suspicious proposals to look at", count)
            yield words, count, f"{address}&suspicious=yes"
    if may_see(request.user, "programs", "letter") and (count := Letter.objects.filter(handed_on=None).count()):
        words = ngettext("letter to a program waits for you", "letters to programs wait for you", count)
        yield words, count, f"{reverse('admin:programs_letter_changelist')}?standing=waiting"


def provider_events(request):
    """What the card provider told and the site could not follow by itself, and where the two do not agree."""
    if not may_see(request.user, "contact", "providerevent"):
        return
    if count := ProviderEvent.objects.exclude(fault="").count():
        words = ngettext("word of the card provider to look into", "words of the card provider to look into", count)
        yield words, count, f"{reverse('admin:contact_providerevent_changelist')}?fault=yes"


def failed_lines(request):
    """Published lines that did not answer, or were not what we say, when somebody checked: people may be dialling."""
    if count := _lines_to_check(request).get(CrisisLine.Reason.FAILED):
        words = ngettext(
            "crisis line failed its check and is still public",
            "crisis lines failed their checks and are still public",
            count,
        )
        yield words, count, f"{reverse('admin:resources_crisisline_checks')}?reason={CrisisLine.Reason.FAILED}"


def crisis_lines(request):
    """Published lines that somebody should check: nobody ever did, or the last time is too long ago."""
    counts = _lines_to_check(request)
    address = reverse("admin:resources_crisisline_checks")
    if count := counts.get(CrisisLine.Reason.NEVER):
        words = ngettext(
            "crisis line nobody has checked yet: do so before launch",
            "crisis lines nobody has checked yet: do so before launch",
            count,
        )
        yield words, count, f"{address}?reason={CrisisLine.Reason.NEVER}"
    if count := counts.get(CrisisLine.Reason.AGAIN):
        words = ngettext("crisis line to check again", "crisis lines to check again", count)
        yield words, count, f"{address}?reason={CrisisLine.Reason.AGAIN}"


def _lines_to_check(request):
    """How many published lines somebody should check, by reason, for those who may."""
    if not checks.may_check(request.user):
        return {}
    due = CrisisLine.objects.published().due(timezone.localdate()).with_reason()
    return dict(due.values_list("reason").annotate(Count("pk")))


KINDS = [failed_lines, mail, messages, gifts, provider_events, proposals, crisis_lines]


def waiting(request):
    return [line for kind in KINDS for line in kind(request)]


def may_see(user, app, model):
    return user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")
