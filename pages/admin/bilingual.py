"""What staff see of records in two languages: which Spanish is missing, unread, or older than its English."""

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pages.bilingual import OLDER, SPANISH, UNREAD, lacking

TICK = "spanish_is_read"


class SpanishFilter(admin.SimpleListFilter):
    title = gettext_lazy("Spanish")
    parameter_name = "spanish"

    def lookups(self, request, model_admin):
        return [
            ("missing", _("Missing")),
            ("unread", _("Not yet read by a native speaker")),
            ("older", _("Older than the English")),
        ]

    def queryset(self, request, queryset):
        rules = {"missing": lacking(queryset.model), "unread": UNREAD, "older": OLDER}
        return queryset.filter(rules[self.value()]) if self.value() in rules else queryset


class BilingualAdmin:
    """The part of the admin of a `Bilingual` record that looks after its Spanish. It goes before the admin it joins."""

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.list_filter = [SpanishFilter, *self.list_filter]
        self.actions = [*self.actions, "keep_spanish"]

    def get_fieldsets(self, request, obj=None):
        """The Spanish is folded away until there is something to say about it."""
        fieldsets = super().get_fieldsets(request, obj)
        said = sentences(obj) if obj else []
        return [_told(heading, options, said) for heading, options in fieldsets] if said else fieldsets

    def save_model(self, request, obj, form, change):
        was_ticked = obj.spanish_is_read
        super().save_model(request, obj, form, change)
        if was_ticked and not obj.spanish_is_read:
            text = _(
                "The Spanish of “%s” changed, so it counts as not yet read. "
                "Tick it again when a native speaker has read the new words."
            )
            self.message_user(request, text % obj, messages.WARNING)

    @admin.action(description=gettext_lazy("The Spanish still says what the English says"), permissions=["change"])
    def keep_spanish(self, request, queryset):
        records = list(queryset.filter(OLDER))
        for record in records:
            record.spanish_changed = timezone.now()
            record.save(update_fields=["spanish_changed"])
            self.log_change(request, record, _("The Spanish still fits"))
        count = len(records)
        text = ngettext("%d Spanish text is up to date now.", "%d Spanish texts are up to date now.", count) % count
        self.message_user(request, text, messages.SUCCESS)


def _told(heading, options, said):
    if TICK not in flatten(options["fields"]):
        return heading, options
    classes = [name for name in options.get("classes", ()) if name != "collapse"]
    return heading, {**options, "classes": classes, "description": format_html_join("", "<p>{}</p>", said)}


def sentences(record):
    """What staff should know of a record's Spanish, a tuple of one sentence each."""
    if record.spanish_changed is None:
        return [(_("There is no Spanish yet. Spanish pages show the English and say so to screen readers."),)]
    found = []
    if missing := record.spanish_lacks:
        fields = ", ".join(str(record._meta.get_field(f"{name}_{SPANISH}").verbose_name) for name in missing)
        found.append((_("Still missing: %(fields)s. Spanish pages show the English there.") % {"fields": fields},))
    if not record.spanish_is_read:
        found.append((_("No native speaker has read this Spanish yet."),))
    if record.spanish_is_old:
        days = {"english": _day(record.english_changed), "spanish": _day(record.spanish_changed)}
        text = _(
            "The English changed on %(english)s, the Spanish last on %(spanish)s. Bring it up to date; where it still "
            "fits, choose “The Spanish still says what the English says” in the list."
        )
        found.append((text % days,))
    return found


def _day(moment):
    return date_format(timezone.localtime(moment), "DATE_FORMAT")
