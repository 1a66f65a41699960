"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import look, styleguide

app_name = "dashboard"
urlpatterns: list[URLPattern] = [
    path("large-text/", look.large_text, name="large_text"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
