"""Addresses of this room: for everyone at its root, the desk under manage/."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "notices"
urlpatterns: list[URLPattern] = [
    path("", views.public_list, name="public"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/objection/", views.objection, name="objection"),
    path("manage/", views.manage, name="manage"),
    path("manage/new/", views.prepare, name="prepare"),
    path("manage/<uuid:pk>/", views.desk, name="desk"),
    path("manage/<uuid:pk>/amend/", views.amend, name="amend"),
    path("manage/<uuid:pk>/release/", views.release, name="release"),
    path("manage/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("manage/objections/<uuid:pk>/answer/", views.answer, name="answer"),
]
