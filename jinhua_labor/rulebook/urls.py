"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import pages, steps

app_name = "rulebook"
urlpatterns: list[URLPattern] = [
    path("", pages.versions, name="list"),
    path("new/", pages.start, name="new"),
    path("<uuid:pk>/", pages.version, name="version"),
    path("<uuid:pk>/head/", pages.head, name="head"),
    path("<uuid:pk>/edit/<slug:part>/", pages.part, name="part"),
    path("<uuid:pk>/submit/", steps.submit, name="submit"),
    path("<uuid:pk>/confirm/", steps.confirm, name="confirm"),
    path("<uuid:pk>/return/", steps.hand_back, name="return"),
    path("<uuid:pk>/discard/", steps.discard, name="discard"),
    path("<uuid:pk>/withdraw/", steps.withdraw, name="withdraw"),
]
