"""Records for tests: plain functions with fixed values that a test overrides by name."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils.text import slugify
from PIL import Image
from post_office.models import STATUS

from contact.models import Attachment, Donation, Giving, Message, Payment, Purpose, Topic
from events.models import Credit, Event, Series, Session
from pages.models import Album, Block, Identity, Mail, MenuItem, Notice, Page, Person, Photo
from programs.models import Program
from resources.models import CrisisLine, LineCounty, LineHours, Place, Resource, Term


def make_identity(**values):
    identity = Identity(**{"name": "Test Association", "short_name": "Test", "mission": "We test.", **values})
    identity.save()
    return identity


def make_page(title="About", **values):
    values = {"slug": title.lower().replace(" ", "-"), "status": Page.Status.PUBLISHED, **values}
    return Page.objects.create(title=title, **values)


def make_block(model, page, **values):
    """A block at the end of the page."""
    values.setdefault("ordering", 10 * (1 + sum(kind.objects.filter(parent=page).count() for kind in Block.kinds())))
    return model.objects.create(parent=page, **values)


def make_menu_item(label="About", **values):
    return MenuItem.objects.create(label=label, **values)


def make_person(name="Test Person", **values):
    return Person.objects.create(**{"name": name, "status": Person.Status.PUBLISHED, **values})


def make_notice(message="The office is closed on Monday.", **values):
    return Notice.objects.create(**{"message": message, "status": Notice.Status.PUBLISHED, **values})


def make_album(title="Coast", **values):
    values = {"slug": title.lower().replace(" ", "-"), "status": Album.Status.PUBLISHED, **values}
    return Album.objects.create(title=title, **values)


def make_photo(album, **values):
    values.setdefault("picture", make_picture_file())
    return Photo.objects.create(**{"album": album, "picture_alt": "A test picture", **values})


def make_picture_bytes(size=(640, 480), kind="JPEG", colour="#0b5a8c", **options):
    buffer = BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def make_picture_file(name="picture.jpg", **options):
    return ContentFile(make_picture_bytes(**options), name=name)


def make_series(title="First Responders", **values):
    values = {"slug": slugify(title), "status": Series.Status.PUBLISHED, **values}
    return Series.objects.create(title=title, **values)


def make_event(title="Basic course", starts=(2027, 9, 2, 13, 0), hours=2, **values):
    """A published event with one session that begins at the local time `starts`; `starts=None` makes no session."""
    values = {"slug": slugify(title), "status": Event.Status.PUBLISHED, "time_zone": "America/Los_Angeles", **values}
    event = Event.objects.create(title=title, **values)
    if starts:
        begin = datetime(*starts)
        make_session(event, day=begin.date(), start_time=begin.time(), end_time=(begin + timedelta(hours=hours)).time())
    return event


def make_session(event, **values):
    """A session of the event, which is settled afterwards."""
    session = Session.objects.create(event=event, **{"day": date(2027, 9, 2), **values})
    event.settle()
    return session


def make_credit(event, **values):
    """A credit of the event, which is settled afterwards."""
    values = {
        "board": Credit.Board.POST,
        "certified_title": event.title,
        "number": "1234-00001-27",
        "hours": 2,
        **values,
    }
    credit = Credit.objects.create(event=event, **values)
    event.settle()
    return credit


def make_program(name="Test team", counties=("yolo",), **values):
    """A published program that covers these counties."""
    values = {
        "slug": slugify(name),
        "status": Program.Status.PUBLISHED,
        "lead_agency": "Test Police Department",
        "kind": Program.Kind.CO_RESPONDER,
        "summary": "An officer and a clinician go together.",
        **values,
    }
    program = Program.objects.create(name=name, **values)
    for county in counties:
        program.coverage.create(county=county)
    return program


def make_topic(name="General", **values):
    return Topic.objects.create(**{"name": name, "slug": slugify(name), **values})


def make_message(name="Test Sender", **values):
    """A message as the contact form stores it."""
    values = {
        "email": "sender@example.org",
        "text": "When is the next course?",
        "sent": datetime(2027, 6, 1, 10, tzinfo=UTC),
        **values,
    }
    return Message.objects.create(name=name, **values)


def make_attachment(message, name="plan.pdf", content=b"%PDF-1.4 a plan", **values):
    """A file of the message, stored where attachments are."""
    values = {
        "key": UUID(int=Attachment.objects.count() + 1),
        "kind": name.rpartition(".")[2],
        "size": len(content),
        **values,
    }
    attachment = Attachment(message=message, name=name, **values)
    attachment.file.save(name, ContentFile(content), save=False)
    attachment.save()
    return attachment


def make_mail(**values):
    """A mail that waits to be sent, as the outbox writes it."""
    values = {
        "from_email": '"Test Association" <office@example.org>',
        "to": ["jane@example.org"],
        "subject": "Your message",
        "message": "Thank you.\n",
        "status": STATUS.queued,
        "number_of_retries": 0,
        **values,
    }
    return Mail.objects.bulk_create([Mail(**values)])[0]


def make_giving(**values):
    """An association that takes gifts; its identity must be made first, with an EIN and an address."""
    giving = Giving(**{"is_open": True, "legal_name": "Test Association, Inc.", "is_deductible": True, **values})
    giving.save()
    return giving


def make_purpose(name="One officer’s seat", **values):
    return Purpose.objects.create(name=name, **{"status": Purpose.Status.PUBLISHED, **values})


def make_donation(**values):
    """A pledge that waits for its money."""
    values = {
        "amount_cents": 5_000,
        "name": "Test Donor",
        "email": "donor@example.org",
        "made": datetime(2027, 6, 1, 19, tzinfo=UTC),
        **values,
    }
    return Donation.objects.create(**values)


def make_payment(donation=None, **values):
    """A check that came, without a mail about it."""
    donation = donation or make_donation(state=Donation.State.DONE)
    values = {
        "amount_cents": donation.total_cents,
        "received_on": date(2027, 6, 8),
        "method": Payment.Method.CHECK,
        **values,
    }
    return Payment.objects.create(donation=donation, **values)


def make_line(name="Test Line", counties=(), hours=(), **values):
    """A published crisis line; `counties` are slugs, `hours` rows of weekday, opening and closing time."""
    if counties:
        values.setdefault("scope", CrisisLine.Scope.COUNTIES)
    values = {
        "slug": slugify(name),
        "kind": CrisisLine.Kind.CRISIS,
        "status": CrisisLine.Status.PUBLISHED,
        "phone": "+19165550100",
        "is_day_and_night": not hours,
        **values,
    }
    line = CrisisLine.objects.create(name=name, **values)
    LineCounty.objects.bulk_create(LineCounty(line=line, county=county) for county in counties)
    LineHours.objects.bulk_create(
        LineHours(line=line, weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in hours
    )
    return line


def make_place(name="Test Center", county="kern", **values):
    values = {"status": Place.Status.PUBLISHED, "address": "1 Main Street, Bakersfield", **values}
    return Place.objects.create(name=name, county=county, **values)


def make_resource(title="Test study", **values):
    """A published entry of the library: a study that found a benefit, unless its kind is another."""
    values = {
        "slug": slugify(title),
        "status": Resource.Status.PUBLISHED,
        "kind": Resource.Kind.RESEARCH,
        "topics": ["training"],
        "audiences": ["officers"],
        "summary": "Officers who took the course knew more. They were asked once.",
        "url": "https://example.org/study",
        **values,
    }
    if values["kind"] == Resource.Kind.RESEARCH:
        values.setdefault("finding", Resource.Finding.BENEFIT)
    return Resource.objects.create(title=title, **values)


def make_term(term="Warm line", see_also=(), **values):
    """A published term of the glossary that points to these other terms."""
    values = {
        "slug": slugify(term),
        "status": Term.Status.PUBLISHED,
        "definition": "A number to call before it is a crisis.",
        "category": Term.Category.ACCESS,
        **values,
    }
    made = Term.objects.create(term=term, **values)
    made.see_also.set(see_also)
    return made
