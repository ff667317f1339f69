"""The public pages of the site."""

from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from pages.contents import contents_of
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
            return HttpResponsePermanentRedirect(get_visible_or_404(Page.objects, request, pk=old.page_id).path)
        if path == "/":
            return render(request, "pages/welcome.html")
        raise
    above = {above.path: above for above in Page.objects.published().filter(path__in=page.ancestor_paths())}
    contents = contents_of(page)
    request.frame_hosts = contents.frame_hosts
    context = {"page": page, "contents": contents, "crumbs": [above[path] for path in sorted(above, key=len)]}
    return finish(request, render(request, "pages/page_detail.html", context))


@require_safe
def gallery(request):
    albums = Album.objects.published().prefetch_related("photos")
    return render(request, "pages/gallery.html", {"albums": albums})


@require_safe
def album(request, slug):
    album = get_visible_or_404(Album.objects, request, slug=slug)
    return finish(request, render(request, "pages/album_detail.html", {"album": album, "photos": album.photos.all()}))


@require_safe
def photo(request, slug, pk):
    album = get_visible_or_404(Album.objects, request, slug=slug)
    photo = get_object_or_404(album.photos, pk=pk)
    photos = list(album.photos.all())
    place = photos.index(photo)
    context = {
        "album": album,
        "photo": photo,
        "number": place + 1,
        "total": len(photos),
        "previous": photos[place - 1] if place else None,
        "next": photos[place + 1] if place + 1 < len(photos) else None,
    }
    return finish(request, render(request, "pages/photo_detail.html", context))


def finish(request, response):
    """Keep a draft that staff look at out of every cache."""
    if getattr(request, "shows_draft", False):
        add_never_cache_headers(response)
    return response
