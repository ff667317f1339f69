"""What waits for somebody of the staff: the first lines of their start page.

A line is `(words, how many, address)`: the words follow the number, the address leads to the list of these records. A
function here gives the lines of one kind of work, as far as the person may see it, and none where there is nothing.
"""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from pages.models import Mail


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


KINDS = [mail]


def waiting(request):
    return [line for kind in KINDS for line in kind(request)]


def may_see(user, app, model):
    return user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")
