"""Addresses of this room: the offices' at `surveys/`, the page behind a card's QR code at `s/`, as short as can be."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import offices, public

app_name = "surveys"
urlpatterns: list[URLPattern] = [
    path("", offices.index, name="index"),
    path("stations/<uuid:pk>/", offices.station, name="station"),
    path("stations/<uuid:pk>/<int:number>/open/", offices.open_year, name="open"),
    path("<uuid:pk>/", offices.survey, name="survey"),
    path("<uuid:pk>/cards/", offices.cards, name="cards"),
    path("<uuid:pk>/handout/", offices.handout, name="handout"),
]

answer_patterns: list[URLPattern] = [
    path("", public.enter, name="enter"),
    path("thanks/", public.thanks, name="thanks"),
    path("<slug:code>/", public.card, name="card"),
]
