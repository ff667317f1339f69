"""What people send us: messages with their attachments, and gifts."""

from contact.models.gifts import Donation, Giving, Payment, ProviderEvent, Purpose, Refund, Spending, Statement
from contact.models.messages import Answer, AnswerTemplate, Attachment, ContactForm, Message, Note, Topic, WaitingFile

__all__ = [
    "Answer",
    "AnswerTemplate",
    "Attachment",
    "ContactForm",
    "Donation",
    "Giving",
    "Message",
    "Note",
    "Payment",
    "ProviderEvent",
    "Purpose",
    "Refund",
    "Spending",
    "Statement",
    "Topic",
    "WaitingFile",
]
