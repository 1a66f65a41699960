"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import employers, public, stations

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("", stations.stations, name="stations"),
    path("bans/", stations.bans, name="bans"),
    path("<uuid:pk>/", stations.station, name="station"),
    path("<uuid:pk>/plaque/", stations.plaque, name="plaque"),
    path("employers/", employers.employers, name="employers"),
    path("employers/new/", employers.new, name="employer_new"),
    path("employers/<uuid:pk>/", employers.employer, name="employer"),
    path("employers/<uuid:pk>/amend/", employers.amend, name="employer_amend"),
    path("employers/<uuid:pk>/key/<int:year>/", employers.key_year, name="key_year"),
    # 公开
    path("directory/", public.directory, name="directory"),
    path("directory/<uuid:pk>/", public.entry, name="entry"),
]
