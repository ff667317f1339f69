"""What staff do with messages and gifts, the most used first."""

# isort: off
from contact.admin.inbox import MessageAdmin
from contact.admin.gifts import DonationAdmin, GivingAdmin, PurposeAdmin, SpendingAdmin
from contact.admin.topics import AnswerTemplateAdmin, TopicAdmin

__all__ = [
    "AnswerTemplateAdmin",
    "DonationAdmin",
    "GivingAdmin",
    "MessageAdmin",
    "PurposeAdmin",
    "SpendingAdmin",
    "TopicAdmin",
]
