"""The questions that lead to one number: at most three, each answer a link.

The address holds the answers, `/help/which-number/danger-no/me/visit/`, so nothing has to be remembered about anybody.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _


class Action(Enum):
    """What to do, named like the part of `help/which_number.html` that says it."""

    EMERGENCY = "emergency"
    TALK = "talk"
    COUNTY = "county"
    SERVICES = "services"
    LATER = "later"


LINES = {Action.SERVICES: ("211",), Action.LATER: ("peerwarm", "calhope", "nami")}
"""Short names of the lines an action offers: the first that is published. The other actions need none."""


@dataclass(frozen=True)
class Answer:
    key: str
    """The part of the address."""
    words: str
    leads_to: "Question | Action"


@dataclass(frozen=True)
class Question:
    words: str
    note: str
    answers: tuple

    def answered(self, key):
        """The answer of this key, or None."""
        return next((answer for answer in self.answers if answer.key == key), None)


def _need(words):
    return Question(
        words,
        "",
        (
            Answer("talk", _("To talk or text with someone now"), Action.TALK),
            Answer("visit", _("A team that comes here"), Action.COUNTY),
            Answer("services", _("Food, a bed, a ride or treatment"), Action.SERVICES),
            Answer("later", _("To talk, but it can wait"), Action.LATER),
        ),
    )


FIRST = Question(
    _("Is someone in danger right now?"),
    _("Badly hurt, an overdose, a weapon, or about to do harm."),
    (
        Answer("danger-yes", _("Yes"), Action.EMERGENCY),
        Answer("danger-unsure", _("I am not sure"), Action.TALK),
        Answer(
            "danger-no",
            _("No"),
            Question(
                _("Who needs help?"),
                "",
                (
                    Answer("me", _("I do"), _need(_("What do you need most?"))),
                    Answer("someone", _("Someone I care about"), _need(_("What would help most?"))),
                ),
            ),
        ),
    ),
)


def follow(path):
    """`(given, step)`: the questions on the way with their answers, and the question or action they lead to.

    None where no such way leads through the questions.
    """
    given, step = [], FIRST
    for key in path.split("/") if path else ():
        answer = step.answered(key) if isinstance(step, Question) else None
        if answer is None:
            return None
        given.append((step, answer))
        step = answer.leads_to
    return given, step


def every_path(step=FIRST, path=""):
    """Every address below `/help/which-number/`, without the slash at its end."""
    for answer in step.answers:
        below = f"{path}/{answer.key}".lstrip("/")
        yield below
        if isinstance(answer.leads_to, Question):
            yield from every_path(answer.leads_to, below)
