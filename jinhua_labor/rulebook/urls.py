"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import views

app_name = "rulebook"
urlpatterns: list[URLPattern] = [
    path("", views.versions, name="list"),
    path("new/", views.start, name="new"),
    path("<uuid:pk>/", views.version, name="version"),
    path("<uuid:pk>/head/", views.head, name="head"),
    path("<uuid:pk>/edit/<slug:part>/", views.part, name="part"),
    path("<uuid:pk>/submit/", views.submit, name="submit"),
    path("<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("<uuid:pk>/return/", views.hand_back, name="return"),
    path("<uuid:pk>/discard/", views.discard, name="discard"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
