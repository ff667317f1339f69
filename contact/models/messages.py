import uuid
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy

from contact.references import new_message_reference
from pages.models import Block

MESSAGES_KEPT = timedelta(days=365)
ATTACHMENTS_KEPT = timedelta(days=90)


def private_storage():
    return storages["private"]


def attachment_name(attachment, _name):
    """Where a file lies: under a random name, for the sender's own name for it may tell who that is."""
    return f"messages/{attachment.message.reference}/{attachment.key}.{attachment.kind}"


def waiting_file_name(waiting, _name):
    return f"waiting/{waiting.key}.{waiting.kind}"


def new_sending():
    return uuid.uuid4().hex


class Topic(models.Model):
    """What a message is about; it decides who gets it."""

    name = models.CharField(gettext_lazy("name"), max_length=80, unique=True)
    slug = models.SlugField(
        gettext_lazy("word in the address"),
        max_length=40,
        unique=True,
        help_text=gettext_lazy("A link such as /contact/?topic=training opens the form with this topic chosen."),
    )
    addresses = models.CharField(
        gettext_lazy("role addresses"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("Shared mailboxes, with commas. Empty: the e-mail address of the identity."),
    )
    hint = models.CharField(
        gettext_lazy("hint"), max_length=200, blank=True, help_text=gettext_lazy("What a message on it should say.")
    )
    position = models.PositiveSmallIntegerField(gettext_lazy("position"), default=0)
    is_offered = models.BooleanField(gettext_lazy("offered in the form"), default=True)

    class Meta:
        verbose_name = gettext_lazy("topic")
        verbose_name_plural = gettext_lazy("topics")
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class MessageQuerySet(models.QuerySet):
    def waiting(self):
        """Not answered yet and no spam."""
        return self.filter(state__in=[Message.State.NEW, Message.State.IN_PROGRESS])

    def suspicious(self):
        return self.exclude(suspicion=[])

    def from_people(self):
        """Neither suspicious nor marked as spam."""
        return self.filter(suspicion=[]).exclude(state=Message.State.SPAM)

    def past_retention(self, now):
        """Older than a year at the moment `now`, and not to be kept."""
        return self.filter(is_kept=False, sent__lte=now - MESSAGES_KEPT)


class Message(models.Model):
    """What somebody wrote through the contact form."""

    class State(models.TextChoices):
        NEW = "new", gettext_lazy("New")
        IN_PROGRESS = "progress", gettext_lazy("In progress")
        ANSWERED = "answered", gettext_lazy("Answered")
        SPAM = "spam", gettext_lazy("Spam")

    class Suspicion(models.TextChoices):
        """Why a person should look before anybody trusts it. Kept as a list of these values in `suspicion`."""

        TRAP = "trap", gettext_lazy("The hidden field was filled, or it was sent too fast")
        CAPTCHA = "captcha", gettext_lazy("The captcha says it is a program")
        DUPLICATE = "duplicate", gettext_lazy("The same words came before")
        VIRUS = "virus", gettext_lazy("The virus scanner objects to an attachment")

    class Captcha(models.TextChoices):
        NONE = "", gettext_lazy("Not used")
        PASSED = "passed", gettext_lazy("Passed")
        FAILED = "failed", gettext_lazy("Failed")
        UNCHECKED = "unchecked", gettext_lazy("Unchecked: the provider did not answer")

    reference = models.CharField(
        gettext_lazy("reference"), max_length=12, unique=True, editable=False, default=new_message_reference
    )
    topic = models.ForeignKey(
        Topic, models.SET_NULL, related_name="messages", null=True, verbose_name=gettext_lazy("topic")
    )
    name = models.CharField(gettext_lazy("name"), max_length=120)
    email = models.EmailField(gettext_lazy("e-mail"))
    phone = models.CharField(gettext_lazy("phone"), max_length=40, blank=True)
    agency = models.CharField(gettext_lazy("agency"), max_length=160, blank=True)
    text = models.TextField(gettext_lazy("message"))
    sent = models.DateTimeField(gettext_lazy("received"), db_index=True)

    state = models.CharField(gettext_lazy("state"), max_length=8, choices=State, default=State.NEW)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"is_staff": True, "is_active": True},
        verbose_name=gettext_lazy("who takes care of it"),
    )
    is_kept = models.BooleanField(
        gettext_lazy("keep"), default=False, help_text=gettext_lazy("Otherwise it is deleted after a year.")
    )
    suspicion = models.JSONField(default=list, editable=False)
    captcha = models.CharField(gettext_lazy("captcha"), max_length=9, choices=Captcha, blank=True, editable=False)
    digest = models.CharField(max_length=64, editable=False, db_index=True)
    """Of who wrote what to which topic: the same digest again is the same message again."""
    sending = models.CharField(max_length=64, unique=True, editable=False, default=new_sending)
    """Of one form as it was sent: whoever presses the button five times sends it once."""

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("message")
        verbose_name_plural = gettext_lazy("messages")
        ordering = ["-sent", "-pk"]
        indexes = [models.Index(fields=["state", "-sent"], name="contact_messages_by_state")]
        permissions = [("answer_message", "Can answer a message by mail")]

    def __str__(self):
        return f"{self.reference}, {self.name}"

    @property
    def is_waiting(self):
        """One of `waiting()`."""
        return self.state in (self.State.NEW, self.State.IN_PROGRESS)

    @property
    def suspicions(self):
        """The reasons in words."""
        return [self.Suspicion(reason).label for reason in self.suspicion]


class Attachment(models.Model):
    """A file somebody sent along. No address leads to it but the staff's, and it is never shown, only handed over."""

    class Scan(models.TextChoices):
        NONE = "", gettext_lazy("Not used")
        CLEAN = "clean", gettext_lazy("Found nothing")
        VIRUS = "virus", gettext_lazy("Objects to the file")
        UNCHECKED = "unchecked", gettext_lazy("Unchecked: the scanner did not answer")

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    key = models.UUIDField(unique=True, editable=False)
    name = models.CharField(gettext_lazy("name"), max_length=200)
    kind = models.CharField(gettext_lazy("kind"), max_length=5)
    """Its ending, which is that of its content: pdf, docx, jpg …"""
    size = models.PositiveIntegerField(gettext_lazy("size"))
    """In bytes."""
    file = models.FileField(gettext_lazy("file"), storage=private_storage, upload_to=attachment_name, blank=True)
    """Empty once it was deleted: after 90 days, unless the message is kept."""
    scan = models.CharField(gettext_lazy("virus scanner"), max_length=9, choices=Scan, blank=True, editable=False)

    class Meta:
        verbose_name = gettext_lazy("attachment")
        verbose_name_plural = gettext_lazy("attachments")
        ordering = ["pk"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("admin:contact_attachment_download", args=[self.key])


class WaitingFile(models.Model):
    """A good file of a form that could not be taken yet, so that nobody has to choose it again. It waits an hour.

    Its key stands in that form alone and cannot be guessed: whoever knows it may send the file, nobody may read it.
    """

    key = models.UUIDField(unique=True, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    """In bytes."""
    file = models.FileField(storage=private_storage, upload_to=waiting_file_name)
    since = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Note(models.Model):
    """What staff write to each other about a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=gettext_lazy("by")
    )
    text = models.TextField(gettext_lazy("note"))
    written = models.DateTimeField(gettext_lazy("written"), auto_now_add=True)

    class Meta:
        verbose_name = gettext_lazy("note")
        verbose_name_plural = gettext_lazy("notes")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class AnswerTemplate(models.Model):
    """Words staff begin an answer with. `{name}`, `{reference}` and `{association}` are filled in."""

    name = models.CharField(gettext_lazy("name"), max_length=80, unique=True)
    topic = models.ForeignKey(
        Topic,
        models.SET_NULL,
        related_name="answer_templates",
        null=True,
        blank=True,
        verbose_name=gettext_lazy("for the topic"),
        help_text=gettext_lazy("Empty: for every topic."),
    )
    text = models.TextField(gettext_lazy("text"))

    class Meta:
        verbose_name = gettext_lazy("answer template")
        verbose_name_plural = gettext_lazy("answer templates")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Answer(models.Model):
    """An answer that went out by mail."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="answers")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, related_name="+", null=True, verbose_name=gettext_lazy("by")
    )
    text = models.TextField(gettext_lazy("answer"))
    written = models.DateTimeField(gettext_lazy("written"), auto_now_add=True)
    email = models.ForeignKey(
        "post_office.Email",
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=gettext_lazy("mail"),
    )

    class Meta:
        verbose_name = gettext_lazy("answer")
        verbose_name_plural = gettext_lazy("answers")
        ordering = ["pk"]

    def __str__(self):
        return self.text[:60]


class ContactForm(Block):
    """The contact form in a page; what it sends goes to the contact page, which answers."""

    icon = "mail"

    topic = models.ForeignKey(
        Topic,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=gettext_lazy("topic chosen beforehand"),
    )
    related = ("topic",)

    class Meta(Block.Meta):
        verbose_name = gettext_lazy("contact form")
        verbose_name_plural = gettext_lazy("contact forms")

    @property
    def script_hosts(self):
        from contact import captcha  # noqa: PLC0415 - the captcha speaks of messages

        return captcha.HOSTS if captcha.is_on() else ()
