"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import look, styleguide
from .views import health, home, score, site

app_name = "dashboard"
urlpatterns: list[URLPattern] = [
    path("", site.home, name="public_home"),
    path("guide/", site.guide, name="guide"),
    path("guide/forms/<str:name>", site.blank, name="blank"),
    path("policy/", site.policy, name="policy"),
    path("verify/", site.verify, name="verify"),
    path("robots.txt", site.robots, name="robots"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("home/", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("stations/<uuid:pk>/score/", score.station_score, name="station_score"),
    path("large-text/", look.large_text, name="large_text"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
