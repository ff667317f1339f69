"""The contact form."""

import copy
import hashlib
import json
import re
import uuid
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact import attachments, captcha
from contact.judging import ACCEPT, MOST_BYTES, megabytes
from contact.models import Topic, WaitingFile
from pages.forms import PublicForm

CONTROLS = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What nobody types and no mail should carry. NUL is refused by every text field of Django."""
LONGEST_TEXT = 10_000


class Line(forms.CharField):
    """One line of text, whatever was pasted into it."""

    def to_python(self, value):
        return " ".join(CONTROLS.sub(" ", super().to_python(value)).split())


class Text(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value):
        return CONTROLS.sub("", super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class FilesInput(forms.FileInput):
    """Lets people choose several files; its script says at once what the form would say after the upload."""

    allow_multiple_selected = True
    template_name = "contact/files_input.html"

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []

    def get_context(self, name, value, attrs):
        sizes = {
            "most": megabytes(MOST_BYTES),
            "together": megabytes(attachments.MOST_BYTES_TOGETHER),
            "files": attachments.MOST_FILES,
        }
        limits = {
            "data-files": attachments.MOST_FILES,
            "data-bytes": MOST_BYTES,
            "data-together": attachments.MOST_BYTES_TOGETHER,
            "data-words": _(
                "These are too many or too large: at most %(files)d files, each up to %(most)s, together %(together)s."
            )
            % sizes,
        }
        return super().get_context(name, value, limits | (attrs or {}))


class FilesField(forms.Field):
    """The uploads as they came; the form judges them."""

    widget = FilesInput(attrs={"multiple": True, "accept": ACCEPT})

    def to_python(self, value):
        return list(value or [])


class KeptField(forms.MultipleChoiceField):
    """Boxes to untick: none may be left, though nothing is called optional. The form looks the files up by itself."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value):
        pass


class MessageForm(PublicForm):
    """What somebody wants to tell us. `topic` is the word of the topic to choose beforehand.

    Good files of a form that is not taken wait (`keep_files`), and the form offers to send them with the next try.
    With `offline` the database is not asked: the form only carries on what was chosen, to be sent once more.
    """

    submit_label = gettext_lazy("Send message")

    name = Line(label=gettext_lazy("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )
    phone = Line(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )
    agency = Line(
        label=gettext_lazy("Agency or organization"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of the topics.")),
    )
    text = Text(label=gettext_lazy("Message"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 8}))
    kept = KeptField(
        label=gettext_lazy("Files that are here already"),
        help_text=gettext_lazy("We keep them for an hour. Untick what you do not want to send."),
    )
    files = FilesField(label=gettext_lazy("Files"), required=False)

    def __init__(self, *args, topic="", offline=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.topics = {}
        self.waiting = []
        self.parts = []
        self.keys = self._posted_keys()
        if offline:
            self._carry_on()
        else:
            self._offer_topics(topic)
            self._offer_kept(self.keys)
        self.are_gone = len(self.waiting) < len(self.keys)
        self.fields["files"].help_text = _(
            "Up to %(files)d files of %(each)s, together %(together)s: PDF, Word, Excel, text, JPEG, PNG, WebP, HEIC."
        ) % {
            "files": attachments.MOST_FILES,
            "each": megabytes(MOST_BYTES),
            "together": megabytes(attachments.MOST_BYTES_TOGETHER),
        }
        if captcha.is_on():
            self.fields["captcha"] = captcha.CaptchaField()

    @property
    def helper(self):
        helper = super().helper
        helper.form_action = reverse("contact:form")
        return helper

    @cached_property
    def sending(self):
        """A digest of this form exactly as it was sent: the same again is the same press of the button.

        The signed time is part of it: the same words out of a form that was opened anew are another sending.
        """
        names = ("stamp", "name", "email", "phone", "agency", "topic", "text")
        said = [self.data.get(name, "") for name in names] + [str(key) for key in self.keys]
        said += [[file.name, file.size, attachments.digest_of(file)] for file in self.files.getlist("files")]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    @property
    def digest(self):
        """A digest of who wrote what to which topic, with which files. Valid forms only."""
        said = [self.cleaned_data[name].casefold() for name in ("email", "name", "phone", "agency", "text")]
        said += [self.cleaned_data.get("topic", ""), *(str(row.key) for row in self.waiting)]
        said += [attachments.digest_of(part.file) for part in self.parts]
        return hashlib.sha256(json.dumps([" ".join(word.split()) for word in said]).encode()).hexdigest()

    @property
    def chosen_topic(self):
        return self.topics.get(self.cleaned_data.get("topic"))

    @property
    def has_lost_files(self):
        """Whether our disk had no room for a file."""
        return any(getattr(file, "is_lost", False) for file in self.files.getlist("files"))

    def clean_files(self):
        uploads = self.cleaned_data["files"]
        self.parts, faults = attachments.sort_out(uploads, self.waiting)
        if self.are_gone:
            faults.append(_("A file you sent before was kept for an hour only and is gone. Choose it again."))
        if faults:
            raise ValidationError(faults)
        return uploads

    def keep_files(self):
        """Let the good files of this form wait for the next try, and offer them in it."""
        if not self.parts:
            return
        rows = attachments.keep(self.parts, self.now)
        if rows:
            self._offer_kept([row.key for row in (*self.waiting, *rows)])
        else:
            self.say_files_are_gone()

    def say_files_are_gone(self):
        if self.parts:
            self.add_error("files", _("Choose your files again: we could not keep them."))

    def _offer_topics(self, chosen):
        self.topics = {topic.slug: topic for topic in Topic.objects.filter(is_offered=True)}
        if not self.topics:
            del self.fields["topic"]
            return
        self.fields["topic"].choices = [(slug, label_of(topic)) for slug, topic in self.topics.items()]
        self.fields["topic"].initial = chosen if chosen in self.topics else None

    def _posted_keys(self):
        """Keys of the files that came with an earlier try, as this one names them."""
        keys = []
        for value in self.data.getlist("kept") if self.is_bound else ():
            try:
                keys.append(uuid.UUID(value))
            except ValueError:  # not from our form
                continue
        return list(dict.fromkeys(keys))

    def _offer_kept(self, keys):
        """Offer those of these files that still wait."""
        oldest = self.now - attachments.WAITING
        self.waiting = list(WaitingFile.objects.filter(key__in=keys, since__gt=oldest)) if keys else []
        if not self.waiting:
            del self.fields["kept"]
            return
        # The field stays the same object: the form may have drawn it before.
        field = self.fields.setdefault("kept", copy.deepcopy(self.base_fields["kept"]))
        field.choices = [(str(row.key), f"{row.name} ({filesizeformat(row.size)})") for row in self.waiting]
        self.order_fields(self.base_fields)
        self.data = self.data.copy()
        self.data.setlist("kept", [str(row.key) for row in self.waiting])

    def _carry_on(self):
        for name, widget in {"topic": forms.HiddenInput, "kept": forms.MultipleHiddenInput}.items():
            values = self.data.getlist(name)
            choices = [(value, value) for value in values]
            kind = forms.ChoiceField if name == "topic" else forms.MultipleChoiceField
            self.fields[name] = kind(choices=choices, required=False, widget=widget)


def label_of(topic):
    """The topic's name, and below it what a message on it should say."""
    return format_html("{} <small>{}</small>", topic.name, topic.hint) if topic.hint else topic.name
