from content_editor.models import PluginBase, Region
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.languages import SPANISH, language_of
from pages.pictures import PictureField
from pages.publishing import Publishable


class Page(Publishable):
    """A page made of content blocks. Its address is stored whole, so a look-up is one exact match."""

    regions = [Region(key="main", title=gettext_lazy("Content"))]

    title = models.CharField(gettext_lazy("title"), max_length=120)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=gettext_lazy("below"),
        help_text=gettext_lazy("The page this one belongs to. Empty: it stands on its own."),
    )
    slug = models.SlugField(
        gettext_lazy("last part of the address"),
        max_length=60,
        blank=True,
        help_text=gettext_lazy("Small letters, digits and hyphens. Empty for the home page only."),
    )
    path = models.CharField(gettext_lazy("address"), max_length=400, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(
        gettext_lazy("position"), default=0, help_text=gettext_lazy("Order among the pages beside it.")
    )
    lead = models.CharField(
        gettext_lazy("lead"),
        max_length=300,
        blank=True,
        help_text=gettext_lazy("One or two sentences below the title."),
    )
    description = models.CharField(
        gettext_lazy("description"),
        max_length=200,
        blank=True,
        help_text=gettext_lazy("For search engines and shared links. Empty: the lead, or the mission."),
    )
    card = PictureField(
        gettext_lazy("social card"),
        shapes=("card",),
        blank=True,
        help_text=gettext_lazy("1200 × 630 pixels. Empty: the association's own card."),
    )
    block_kinds = models.JSONField(default=list, editable=False)
    updated = models.DateTimeField(gettext_lazy("last changed"), auto_now=True)

    class Meta(Publishable.Meta):
        verbose_name = gettext_lazy("page")
        verbose_name_plural = gettext_lazy("pages")
        ordering = ["path"]

    def __str__(self):
        return self.title

    @transaction.atomic
    def save(self, *args, **kwargs):
        """Store the page; where its address changed, move the pages below it and keep the old addresses working."""
        before = Page.objects.filter(pk=self.pk).values_list("path", flat=True).first() if self.pk else None
        self.path = self.path_from_parent()
        super().save(*args, **kwargs)
        OldPath.objects.filter(path=self.path).delete()
        if before and before != self.path:
            self._move_from(before)

    def _move_from(self, before):
        below = self.pages_below()
        moved = [(self.pk, before), *((page.pk, page.path) for page in below)]
        Page.objects.filter(pk__in=[page.pk for page in below]).update(
            path=Concat(Value(self.path), Substr(F("path"), len(before) + 1))
        )
        OldPath.objects.bulk_create(
            [OldPath(page_id=pk, path=path) for pk, path in moved],
            update_conflicts=True,
            unique_fields=["path"],
            update_fields=["page"],
        )
        OldPath.objects.filter(path__in=Page.objects.values("path")).delete()

    def get_absolute_url(self):
        return self.path

    def path_from_parent(self):
        """The address this page has by its parent and slug, with a slash at both ends."""
        above = self.parent.path if self.parent else "/"
        return f"{above}{self.slug}/" if self.slug else "/"

    def clean(self):
        super().clean()
        if self.slug and self.parent and self.pk and self.is_above(self.parent):
            raise ValidationError({"parent": _("A page cannot stand below itself. Choose another page.")})
        if not self.slug and self.parent:
            raise ValidationError({"slug": _("Write the last part of the address, for example about-us.")})
        path = self.path_from_parent()
        self._check_address(path)
        self._check_addresses_below(path)

    def _check_address(self, path):
        other = Page.objects.filter(path=path).exclude(pk=self.pk).first()
        if other:
            raise ValidationError(
                {
                    "slug": _("The page “%(title)s” already has the address %(path)s. Choose another last part.")
                    % {"title": other.title, "path": path}
                }
            )
        if is_taken(path):
            raise ValidationError(
                {"slug": _("%(path)s is an address the site itself uses. Choose another last part.") % {"path": path}}
            )

    def _check_addresses_below(self, path):
        """Refuse a move that would push a page below onto an address somebody else has."""
        before = Page.objects.filter(pk=self.pk).values_list("path", flat=True).first() if self.pk else None
        if before in (None, path):
            return
        below = {path + page.path[len(before) :]: page for page in self.pages_below()}
        moving = [self.pk, *(page.pk for page in below.values())]
        taken = set(Page.objects.filter(path__in=below).exclude(pk__in=moving).values_list("path", flat=True))
        for address, page in below.items():
            if address in taken or is_taken(address):
                raise ValidationError(
                    {
                        "slug": _(
                            "The page “%(title)s” below this one would get the address %(path)s, which is taken. "
                            "Change that page first, or choose another last part."
                        )
                        % {"title": page.title, "path": address}
                    }
                )

    def pages_below(self):
        """All pages that stand below this one, level by level."""
        found, level = [], [self]
        while level:
            level = list(Page.objects.filter(parent__in=level).order_by("path"))
            found += level
        return found

    def is_above(self, page):
        """Whether `page` is this page or stands somewhere below it."""
        while page:
            if page.pk == self.pk:
                return True
            page = page.parent
        return False

    def ancestor_paths(self):
        """Addresses of the pages above, outermost first, the home page left out."""
        parts = self.path.strip("/").split("/")[:-1]
        return ["/" + "/".join(parts[: i + 1]) + "/" for i in range(len(parts))]

    def note_block(self, kind):
        """Remember that the page has blocks of this kind, so that showing it asks only the tables it needs."""
        if kind in self.block_kinds:
            return
        with transaction.atomic():
            stored = Page.objects.select_for_update().get(pk=self.pk)
            self.block_kinds = sorted({*stored.block_kinds, kind})
            Page.objects.filter(pk=self.pk).update(block_kinds=self.block_kinds)


def is_taken(path):
    """Whether a fixed address of the site answers `path`, so that a page there could never be reached."""
    if path == "/":
        return False
    if language_of(path) == SPANISH:
        return True
    try:
        return resolve(path).url_name != "page"
    except Resolver404:
        return False


class OldPath(models.Model):
    """A former address of a page; visitors who ask for it are sent to the page."""

    path = models.CharField(gettext_lazy("old address"), max_length=400, unique=True)
    page = models.ForeignKey(Page, models.CASCADE, related_name="old_paths", verbose_name=gettext_lazy("leads to"))

    class Meta:
        verbose_name = gettext_lazy("old address")
        verbose_name_plural = gettext_lazy("old addresses")
        ordering = ["path"]

    def __str__(self):
        return self.path

    def clean(self):
        super().clean()
        self.path = "/" + self.path.strip().strip("/") + "/" if self.path.strip("/ ") else "/"
        other = Page.objects.filter(path=self.path).first()
        if other:
            raise ValidationError({"path": _("The page “%(title)s” has this address now.") % {"title": other.title}})
        if is_taken(self.path):
            raise ValidationError({"path": _("This is an address the site itself uses.")})


class Block(PluginBase):
    """One piece of a page's content, edited in the page's own form.

    Any app adds a kind by subclassing: name the template, say whether neighbours of the kind are drawn together,
    and list the editor's fields in order. Pages, admin, loader and checks find the kind by themselves.
    """

    template_name = ""
    """Empty: `<app>/blocks/<model>.html`. It receives `blocks`: one block, or all neighbours when `grouped`."""
    grouped = False
    opens_section = False
    related = ()
    """What `select_related` must bring along, so that a kind costs one query."""
    frame_host = ""
    """Host of a player that a visitor may open in a frame, for example `https://player.vimeo.com`."""
    script_hosts = ()
    """Hosts whose scripts, and frames of those, the page may load for this block."""
    icon = "article"
    """Name of the Material icon beside the kind in the admin's list."""
    edit_first = ()
    """Names of the fields an editor meets first. The others follow: the kind's own, then inherited ones."""

    parent = models.ForeignKey(Page, models.CASCADE, related_name="%(app_label)s_%(class)s_set")
    region = models.CharField(max_length=20, default="main")
    ordering = models.IntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["ordering"]

    def __str__(self):
        return self._meta.verbose_name.capitalize()

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.parent.note_block(self.kind())

    @property
    def has_content(self):
        """Whether there is anything to draw: not where what the block shows is unpublished or lost."""
        return True

    @classmethod
    def kind(cls):
        return cls._meta.label_lower

    @classmethod
    def kinds(cls):
        """Every concrete kind of block there is, in the order of definition."""
        found = []
        for child in cls.__subclasses__():
            found += child.kinds()
            if not child._meta.abstract:
                found.append(child)
        return found

    @classmethod
    def get_queryset(cls):
        return cls.objects.select_related(*cls.related) if cls.related else cls.objects.all()

    @classmethod
    def get_template_name(cls):
        return cls.template_name or f"{cls._meta.app_label}/blocks/{cls._meta.model_name}.html"

    @classmethod
    def fields_to_edit(cls):
        """Names of the fields in the editor's order."""
        hidden = {"id", "parent", "region", "ordering"}
        names = [field.name for field in cls._meta.fields if field.editable and field.name not in hidden]
        inherited = {
            field.name for base in cls.__mro__[1:] if hasattr(base, "_meta") for field in base._meta.local_fields
        }
        own = [name for name in names if name not in inherited]
        return list(dict.fromkeys([*cls.edit_first, *own, *names]))

    def outline(self):
        """(field, level) of each heading this block draws, in order. Level 2 is right below the page's title."""
        return []
