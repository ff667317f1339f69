"""One message as staff see it: what came, what was said since, and the small pages on which they go on."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contact import answers, review
from contact.models import Answer, AnswerTemplate, Attachment, Message
from pages.models import Identity, Mail
from pages.outbox import STATUS

logger = logging.getLogger("cacita.inbox")

LONGEST = 20_000
"""Signs of a note or an answer."""
DECISIONS = {
    "take-over": (review.take_over, gettext_lazy("I take care of it"), ("state", "owner")),
    "answered": (review.mark_answered, gettext_lazy("Mark as answered"), ("state", "owner")),
    "spam": (review.mark_spam, gettext_lazy("Spam"), ("state",)),
    "not-spam": (review.not_spam, gettext_lazy("Not spam"), ("state", "suspicion")),
}
"""Last part of its address: what it does, the button, and which fields the staff's log says it changed."""


class MessageForm(forms.ModelForm):
    """What staff decide about a message.

    Each field also posts what it showed: a page that stood open while a colleague answered changes only what was
    changed on it, and does not open the message again.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True
        if "topic" in self.fields:
            # Its topic may have been deleted since.
            self.fields["topic"].required = False


class NoteForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Note for colleagues"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Only staff see it."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Your answer"), max_length=LONGEST, widget=forms.Textarea({"rows": 14}))
    knowing = forms.IntegerField(widget=forms.HiddenInput)
    """`answers.last_answer` when the page was shown."""


@dataclass(frozen=True)
class Entry:
    """A note or an answer in the thread; `mail` says what became of an answer's mail."""

    at: datetime
    author: str
    text: str
    answer: Answer | None = None
    mail: str = ""
    reason: str = ""
    has_failed: bool = False


def thread_of(message):
    """Notes and answers in the order they were written."""
    notes = [Entry(note.written, name_of(note.author), note.text) for note in message.notes.select_related("author")]
    replies = list(message.answers.select_related("author"))
    mails = Mail.objects.with_fault().in_bulk([reply.email_id for reply in replies if reply.email_id])
    said = [
        Entry(reply.written, name_of(reply.author), reply.text, reply, *mail_state(mails.get(reply.email_id)))
        for reply in replies
    ]
    return sorted(notes + said, key=lambda entry: entry.at)


def mail_state(mail):
    """What became of a mail in words, what went wrong with it, and whether nobody will try again by itself."""
    if mail is None:
        return _("The mail itself is no longer kept"), "", False
    if mail.status == STATUS.sent:
        return _("Sent"), "", False
    if mail.status == STATUS.failed:
        return _("Not delivered"), mail.fault, True
    return _("Waiting to be sent"), mail.fault or "", False


def templates_for(message):
    """The templates of its topic, and those for every topic."""
    return AnswerTemplate.objects.filter(Q(topic=None) | Q(topic=message.topic_id))


def name_of(user):
    return (user.get_short_name() or user.get_username()) if user else _("Somebody who left")


def download_name(attachment):
    """The sender's name for the file, without signs nobody sees, under the ending of what it really is."""
    stem = "".join(sign for sign in PurePath(attachment.name).stem if sign.isprintable()).strip(" .")
    return f"{stem or attachment.message.reference}.{attachment.kind}"


class MessageThread:
    """The part of a message's admin that shows it and holds these pages."""

    change_form_template = "admin/contact/message/change_form.html"

    def get_urls(self):
        own = "<path:object_id>"
        pages = {
            "attachment_download": ("attachments/<uuid:key>/", require_safe(self.download_view)),
            "message_decide": (f"{own}/decide/<slug:decision>/", require_POST(self.decide_view)),
            "message_note": (f"{own}/note/", require_POST(self.note_view)),
            "message_answer": (f"{own}/answer/", require_http_methods(["GET", "POST"])(self.answer_view)),
            "message_send": (f"{own}/answers/<int:answer>/send/", require_POST(self.send_view)),
        }
        view = self.admin_site.admin_view
        own_urls = [path(route, view(page), name=f"contact_{name}") for name, (route, page) in pages.items()]
        return [*own_urls, *super().get_urls()]

    def may_answer(self, request):
        return request.user.has_perm("contact.answer_message")

    def save_model(self, request, obj, form, change):
        obj.save(update_fields=form.changed_data)

    def render_change_form(self, request, context, **kwargs):
        message = kwargs.get("obj")
        if message:
            context |= {
                "title": Message._meta.verbose_name.capitalize(),
                "message": message,
                "attachments": message.attachments.all(),
                "thread": thread_of(message),
                "decisions": self._decisions(request, message),
                "note_form": NoteForm() if self.has_change_permission(request, message) else None,
                "may_answer": self.may_answer(request),
                "answer_templates": templates_for(message) if self.may_answer(request) else (),
            }
        return super().render_change_form(request, context, **kwargs)

    def _decisions(self, request, message):
        """(last part of the address, words of the button) of what may be decided at once."""
        if not self.has_change_permission(request, message):
            return []
        names = ["not-spam"] if message.suspicion or message.state == Message.State.SPAM else []
        if message.is_waiting:
            is_mine = message.owner_id == request.user.pk and message.state == Message.State.IN_PROGRESS
            names += [] if is_mine else ["take-over"]
            names += ["answered", "spam"]
        return [(name, DECISIONS[name][1]) for name in names]

    def decide(self, request, name, queryset):
        """Do one of `DECISIONS` with these messages, note it in the staff's log and return how many changed."""
        act, _button, fields = DECISIONS[name]
        labels = [str(Message._meta.get_field(field).verbose_name) for field in fields]
        changed = act(queryset, request.user)
        for message in changed:
            self.log_change(request, message, [{"changed": {"fields": labels}}])
        return len(changed)

    # Pages

    def decide_view(self, request, object_id, decision):
        message = self._message(request, object_id, self.has_change_permission(request))
        if decision not in DECISIONS:
            raise Http404
        self.decide(request, decision, Message.objects.filter(pk=message.pk))
        return self._back(message)

    def note_view(self, request, object_id):
        message = self._message(request, object_id, self.has_change_permission(request))
        form = NoteForm(request.POST)
        if form.is_valid():
            message.notes.create(author=request.user, text=form.cleaned_data["text"])
            return self._back(message, "thread")
        return self._page(request, "note", message, _("Note on %s") % message.reference, {"form": form})

    def answer_view(self, request, object_id):
        """First with the words of the chosen template; what was typed stays until it is sent."""
        message = self._message(request, object_id, self.may_answer(request))
        identity = Identity.load()
        begun = {"text": self._beginning(request, message, identity), "knowing": answers.last_answer(message)}
        form = AnswerForm(request.POST or None, initial=begun)
        if form.is_valid() and self._send(request, message, form):
            return self._back(message, "thread")
        context = {
            "form": form,
            "replies_to": answers.replies_to(message, identity),
            "attachments": message.attachments.all(),
            "thread": thread_of(message),
        }
        return self._page(request, "answer", message, _("Answer to %s") % message.name, context)

    def send_view(self, request, object_id, answer):
        message = self._message(request, object_id, self.may_answer(request))
        if answers.send_again(message.answers.filter(pk=answer)):
            self.message_user(request, _("The answer waits to be sent again."), messages.SUCCESS)
        return self._back(message, "thread")

    def download_view(self, request, key):
        """The file as something to save, never to show: nothing in it ever runs in the site's name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        attachment = get_object_or_404(Attachment.objects.select_related("message"), key=key)
        try:
            file = attachment.file.open("rb") if attachment.file else None
        except OSError:
            logger.exception("The file of an attachment of message %s is missing.", attachment.message.reference)
            file = None
        if file is None:
            title = _("“%s” is no longer here") % attachment.name
            return self._page(request, "gone", attachment.message, title, {"attachment": attachment}, status=404)
        response = FileResponse(
            file, as_attachment=True, filename=download_name(attachment), content_type="application/octet-stream"
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "no-store"
        return response

    def _beginning(self, request, message, identity):
        """The words of the template that was chosen, with its places filled in."""
        chosen = request.GET.get("template", "")
        template = templates_for(message).filter(pk=chosen).first() if chosen.isdecimal() else None
        return answers.fill_in(template.text, answers.words_for(message, identity)) if template else ""

    def _send(self, request, message, form):
        """Whether the answer is on its way; if not, the form says why and knows the thread as it is now."""
        try:
            answers.answer(message, request.user, form.cleaned_data["text"], knowing=form.cleaned_data["knowing"])
        except answers.AnsweredMeanwhileError:
            text = _(
                "This message was answered while you wrote. Read that answer first, then send yours if it is needed."
            )
            form.add_error(None, text)
            form.data = {**form.data.dict(), "knowing": answers.last_answer(message)}
            return False
        except answers.UnreachableError:
            form.add_error(None, _("No mail can be sent to “%s”. Perhaps there is a telephone number.") % message.email)
            return False
        self.log_change(request, message, [{"added": {"name": str(Answer._meta.verbose_name), "object": ""}}])
        self.message_user(request, _("Your answer is on its way to %s.") % message.email, messages.SUCCESS)
        return True

    def _message(self, request, object_id, *permissions):
        """The message, for somebody who may read it and has all these permissions."""
        if not self.has_view_permission(request) or not all(permissions):
            raise PermissionDenied
        message = self.get_object(request, unquote(object_id))
        if message is None:
            raise Http404
        return message

    def _back(self, message, part=""):
        address = reverse("admin:contact_message_change", args=[quote(message.pk)])
        return redirect(f"{address}#{part}" if part else address)

    def _page(self, request, name, message, title, context, status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "message": message,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, f"admin/contact/message/{name}.html", context, status=status)
