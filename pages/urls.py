from django.urls import path, re_path

from pages import views

urlpatterns = [
    path("", views.page, name="page"),
    path("gallery/", views.gallery, name="gallery"),
    path("gallery/<slug:slug>/", views.album, name="album"),
    path("gallery/<slug:slug>/<int:pk>/", views.photo, name="photo"),
    re_path(r"^(?P<path>(?:[\w-]+/)+)$", views.page, name="page"),
]
