"""The public pages of the site."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_safe

from pages.contents import contents_of
from pages.languages import in_language
from pages.models import Album, OldPath, Page
from pages.publishing import get_visible_or_404


@require_safe
def page(request, path=""):
    """A page by its stored address; a former address leads to the present one."""
    path = f"/{path}"
    try:
        page = get_visible_or_404(Page.objects, request, path=path)
    except Http404:
        if old := OldPath.objects.select_related("page").filter(path=path).first():
            new = get_visible_or_404(Page.objects, request, pk=old.page_id)
            return finish(request, moved(in_language(new.path, request.frame_language)))
        if path == "/":
            return render(request, "pages/welcome.html")
        raise
    above = {above.path: above for above in Page.objects.published().filter(path__in=page.ancestor_paths())}
    contents = contents_of(page)
    request.frame_hosts, request.script_hosts = contents.frame_hosts, contents.script_hosts
    context = {"page": page, "contents": contents, "crumbs": [above[path] for path in sorted(above, key=len)]}
    return finish(request, render(request, "pages/page_detail.html", context))


def moved(path):
    """A redirect that browsers keep for an hour, not for ever: a page that moves back must not be sent in a circle."""
    response = HttpResponsePermanentRedirect(path)
    patch_cache_control(response, max_age=3600)
    return response


@require_safe
def gallery(request):
    albums = list(Album.objects.published().prefetch_related("photos"))
    load_at_once(album.cover for album in albums if album.cover)
    return render(request, "pages/gallery.html", {"albums": albums})


@require_safe
def album(request, slug):
    album = get_visible_or_404(Album.objects, request, slug=slug)
    photos = list(album.photos.all())
    load_at_once(photos)
    return finish(request, render(request, "pages/album_detail.html", {"album": album, "photos": photos}))


@require_safe
def photo(request, slug, pk):
    album = get_visible_or_404(Album.objects, request, slug=slug)
    photos = list(album.photos.all())
    place = next((place for place, photo in enumerate(photos) if photo.pk == pk), None)
    if place is None:
        raise Http404
    load_at_once(photos[place:])
    context = {
        "album": album,
        "photo": photos[place],
        "number": place + 1,
        "total": len(photos),
        "previous": photos[place - 1] if place else None,
        "next": photos[place + 1] if place + 1 < len(photos) else None,
    }
    return finish(request, render(request, "pages/photo_detail.html", context))


def load_at_once(pictured):
    """Mark the first of these records: its picture is seen as soon as the page opens."""
    for record in pictured:
        record.loads_at_once = True
        return


def finish(request, response):
    """Keep a draft that staff look at out of every cache."""
    if getattr(request, "shows_draft", False):
        add_never_cache_headers(response)
    return response
