from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contact.models import Attachment, Message
from contact.review import LONG


class StateFilter(admin.SimpleListFilter):
    """The list opens with what waits for an answer. A search looks at all messages unless a state is chosen too."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.chosen = self.value() or ("all" if request.GET.get("q") else "waiting")

    def lookups(self, request, model_admin):
        return [("waiting", _("Waiting")), ("late", _("Waiting too long")), *Message.State.choices, ("all", _("All"))]

    def choices(self, changelist):
        for state, words in self.lookup_choices:
            yield {
                "selected": state == self.chosen,
                "query_string": changelist.get_query_string({self.parameter_name: state}),
                "display": words,
            }

    def queryset(self, request, queryset):
        if self.chosen == "waiting":
            return queryset.waiting()
        if self.chosen == "late":
            return queryset.waiting().filter(sent__lte=timezone.now() - LONG)
        if self.chosen in Message.State.values:
            return queryset.filter(state=self.chosen)
        return queryset


class OwnerFilter(admin.SimpleListFilter):
    title = gettext_lazy("who takes care of it")
    parameter_name = "owner"

    def lookups(self, request, model_admin):
        return [("me", _("I do")), ("nobody", _("Nobody yet"))]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(owner=request.user)
        if self.value() == "nobody":
            return queryset.filter(owner=None)
        return queryset


class SuspicionFilter(admin.SimpleListFilter):
    title = gettext_lazy("suspicion")
    parameter_name = "suspicious"

    def lookups(self, request, model_admin):
        return [("yes", _("Suspicious")), ("no", _("Not suspicious"))]

    def queryset(self, request, queryset):
        if self.value() == "yes":
            return queryset.suspicious()
        if self.value() == "no":
            return queryset.filter(suspicion=[])
        return queryset


class AttachmentsFilter(admin.SimpleListFilter):
    title = gettext_lazy("attachments")
    parameter_name = "attachments"

    def lookups(self, request, model_admin):
        return [("yes", _("With attachments")), ("no", _("Without"))]

    def queryset(self, request, queryset):
        has_some = Exists(Attachment.objects.filter(message=OuterRef("pk")))
        if self.value() == "yes":
            return queryset.filter(has_some)
        if self.value() == "no":
            return queryset.filter(~has_some)
        return queryset
