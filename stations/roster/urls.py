"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from .views import exports, importing, insurance, listing, rows

app_name = "roster"
urlpatterns = [
    path("", listing.index, name="index"),
    path("search/", listing.search, name="search"),
    path("template/", listing.template, name="template"),
    path("<uuid:pk>/", listing.show, name="list"),
    path("<uuid:pk>/export/", exports.export, name="export"),
    path("<uuid:pk>/find/", listing.find, name="find"),
    path("<uuid:pk>/head/", listing.head, name="head"),
    path("<uuid:pk>/insurance/", insurance.show, name="insurance"),
    path("<uuid:pk>/insurance/query/", insurance.query, name="query"),
    path("<uuid:pk>/insurance/tick/", insurance.tick, name="tick"),
    path("<uuid:pk>/recount/", listing.recount, name="recount"),
    path("<uuid:pk>/rows/new/", rows.add, name="add"),
    path("<uuid:pk>/upload/", importing.upload, name="upload"),
    path("imports/<uuid:pk>/", importing.show, name="import"),
    path("imports/<uuid:pk>/annotated/", importing.annotated, name="import_annotated"),
    path("imports/<uuid:pk>/commit/", importing.commit, name="import_commit"),
    path("imports/<uuid:pk>/decide/", importing.decide, name="import_decide"),
    path("imports/<uuid:pk>/discard/", importing.discard, name="import_discard"),
    path("imports/<uuid:pk>/employer/", importing.employer, name="import_employer"),
    path("imports/<uuid:pk>/forms/", importing.exceptions, name="import_forms"),
    path("imports/<uuid:pk>/repeats/", importing.repeats, name="import_repeats"),
    path("imports/<uuid:pk>/rows/<int:row_no>/", importing.row, name="import_row"),
    path("imports/<uuid:pk>/sheet/", importing.choose, name="import_sheet"),
    path("rows/<uuid:pk>/", rows.show, name="row"),
    path("rows/<uuid:pk>/adjudicate/", rows.adjudicate, name="adjudicate"),
    path("rows/<uuid:pk>/delete/", rows.delete, name="delete"),
    path("rows/<uuid:pk>/edit/", rows.edit, name="edit"),
    path("rows/<uuid:pk>/reveal/", rows.reveal, name="reveal"),
]
