"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from .views import demands, year

app_name = "ledger"
urlpatterns = [
    path("", year.index, name="index"),
    path("<uuid:pk>/", year.station, name="station"),
    path("<uuid:pk>/<int:number>/", year.year, name="year"),
    path("<uuid:pk>/<int:number>/<str:item>/new/", year.add, name="entry_add"),
    path("<uuid:pk>/<int:number>/seen/", year.seen, name="seen"),
    path("<uuid:pk>/<int:number>/print/", year.print_book, name="print"),
    path("entries/<uuid:pk>/retire/", year.retire, name="entry_retire"),
    path("<uuid:pk>/demands/", demands.demands, name="demands"),
    path("<uuid:pk>/demands/new/", demands.add, name="demand_add"),
    path("demands/<uuid:pk>/edit/", demands.edit, name="demand_edit"),
    path("demands/<uuid:pk>/clear/", demands.clear, name="demand_clear"),
    path("demands/<uuid:pk>/withdraw/", demands.withdraw, name="demand_withdraw"),
    # 公开
    path("jobs/", demands.public_demands, name="public_demands"),
]
