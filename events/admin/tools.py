"""What staff do with an event as a whole, each on a small page of its own: cancel, postpone, reinstate, repeat."""

from datetime import date

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events import repeat
from events.admin.forms import RepeatForm, StateForm
from events.models import Event, Session

STATES = {
    "cancel": Event.State.CANCELLED,
    "postpone": Event.State.POSTPONED,
    "reinstate": Event.State.SCHEDULED,
}
"""Last part of a tool's address, and the state it leads to."""
WORDS = {
    "cancel": (
        gettext_lazy("Cancel “%s”"),
        gettext_lazy("The page stays where it is and says that the event is cancelled; calendars cross it out."),
        gettext_lazy("Cancel the event"),
        gettext_lazy("“%s” is cancelled now, and its page says so."),
    ),
    "postpone": (
        gettext_lazy("Postpone “%s”"),
        gettext_lazy("The page says that the event is postponed. When the new date is known, change it and reinstate."),
        gettext_lazy("Postpone the event"),
        gettext_lazy("“%s” is postponed now, and its page says so."),
    ),
    "reinstate": (
        gettext_lazy("Reinstate “%s”"),
        gettext_lazy("The event takes place as scheduled again. The reason given before is removed from its page."),
        gettext_lazy("Reinstate the event"),
        gettext_lazy("“%s” takes place as scheduled again."),
    ),
}
"""Heading, what will happen, the button, and what is said afterwards."""


class EventTools:
    """The part of an event's admin that holds these pages."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            *(
                path(
                    f"<path:object_id>/{name}/",
                    view(self.state_view),
                    {"name": name},
                    name=f"events_event_{name}",
                )
                for name in STATES
            ),
            path("<path:object_id>/repeat/", view(self.repeat_view), name="events_event_repeat"),
            *super().get_urls(),
        ]

    def tools_of(self, request, event):
        """(words, address) of what this person may do with the event."""
        tools = []
        if self.has_change_permission(request, event):
            if self.has_add_permission(request):
                tools.append((_("Repeat this class"), "repeat"))
            if event.is_open_to_come:
                tools += [(_("Postpone"), "postpone"), (_("Cancel the event"), "cancel")]
            else:
                tools.append((_("Reinstate"), "reinstate"))
        return [(words, reverse(f"admin:events_event_{name}", args=[quote(event.pk)])) for words, name in tools]

    def _event(self, request, object_id, *permissions):
        """The event, for somebody who has all these permissions."""
        event = self.get_object(request, unquote(object_id))
        if event is None:
            raise Http404
        if not all(permissions) or not self.has_change_permission(request, event):
            raise PermissionDenied
        return event

    def state_view(self, request, object_id, name):
        event = self._event(request, object_id)
        heading, meaning, button, done = WORDS[name]
        form = None
        if name != "reinstate":
            form = StateForm(request.POST or None, initial={"state_reason": _reason_so_far(event)})
        if request.method == "POST" and (form is None or form.is_valid()):
            event.state = STATES[name]
            event.state_reason = form.cleaned_data["state_reason"] if form else ""
            event.settle()
            self.log_change(request, event, [{"changed": {"fields": [_("state"), _("reason")]}}])
            self.message_user(request, done % event, messages.SUCCESS)
            return redirect("admin:events_event_change", quote(event.pk))
        context = {"form": form, "meaning": meaning, "button": button}
        return self._page(request, "admin/events/event/state.html", event, heading % event, context)

    def repeat_view(self, request, object_id):
        """First the rule, then the dates it gives, then the copies; nothing is made before the dates were seen."""
        event = self._event(request, object_id, self.has_add_permission(request))
        form, days, faults = None, [], []
        if repeat.first_day(event) is None:
            faults = repeat.refusals(event, [])
        elif request.method == "POST":
            try:
                copies = repeat.repeat(event, [date.fromisoformat(day) for day in request.POST.getlist("day")])
            except ValidationError as error:
                faults = error.messages
            except ValueError:
                faults = [_("One of the dates could not be read. Choose them once more.")]
            else:
                return self._made(request, event, copies)
        elif "way" in request.GET:
            form = RepeatForm(request.GET)
            if form.is_valid():
                days = form.days
                faults = repeat.refusals(event, days)
        if form is None and repeat.first_day(event):
            form = RepeatForm(initial=RepeatForm.first_guess(event, timezone.localdate()))
        context = {"form": form, "faults": faults, "days": [] if faults else _shown(event, days)}
        return self._page(request, "admin/events/event/repeat.html", event, _("Repeat “%s”") % event, context)

    def _made(self, request, event, copies):
        for copy in copies:
            self.log_addition(request, copy, [{"added": {"name": _("copy of"), "object": str(event)}}])
        text = ngettext(
            "%d draft is made. Look it over, then publish it.",
            "%d drafts are made. Look them over, then publish them.",
            len(copies),
        ) % len(copies)
        self.message_user(request, text, messages.SUCCESS)
        if len(copies) == 1:
            return redirect("admin:events_event_change", quote(copies[0].pk))
        numbers = ",".join(str(copy.pk) for copy in copies)
        return redirect(f"{reverse('admin:events_event_changelist')}?id__in={numbers}")

    def _page(self, request, template, event, title, context):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "event": event,
            "media": self.media,
            **context,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, context)


def _reason_so_far(event):
    """A postponed event may be cancelled for the same reason."""
    return "" if event.is_open_to_come else event.state_reason


def _shown(event, days):
    """(ISO date, words, whether an event of this title stands there already) of each date."""
    taken = set(Session.objects.filter(event__title=event.title, day__in=days).values_list("day", flat=True))
    return [(day.isoformat(), repeat.words(day), day in taken) for day in days]
