"""What staff do with messages and gifts, the most used first."""

# isort: off
from contact.admin.inbox import MessageAdmin
from contact.admin.topics import AnswerTemplateAdmin, TopicAdmin

__all__ = ["AnswerTemplateAdmin", "MessageAdmin", "TopicAdmin"]
