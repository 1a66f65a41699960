"""Addresses of this room."""

from __future__ import annotations

from django.urls import path

from .views import claims, exports, importing, insurance, listing, rows, year, year_rows

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
    # 工作站的年度名册
    path("stations/<uuid:pk>/", year.show, name="station"),
    path("stations/<uuid:pk>/<int:number>/", year.show, name="year"),
    path("stations/<uuid:pk>/<int:number>/export/", year.export, name="year_export"),
    path("stations/<uuid:pk>/<int:number>/frozen/", year.frozen, name="frozen"),
    path("stations/<uuid:pk>/add/", year.add, name="station_add"),
    path("stations/<uuid:pk>/find/", year.find, name="station_find"),
    path("stations/<uuid:pk>/upload/", year.upload, name="station_upload"),
    path("rows/<uuid:pk>/certificates/new/", year_rows.add_certificate, name="certificate_add"),
    path("rows/<uuid:pk>/contracts/new/", year_rows.add_contract, name="contract_add"),
    path("rows/<uuid:pk>/correct/", year_rows.correct, name="correct"),
    path("rows/<uuid:pk>/leave/", year_rows.leave, name="leave"),
    path("rows/<uuid:pk>/remove/", year_rows.remove, name="remove"),
    path("certificates/", year_rows.certificates, name="certificates"),
    path("certificates/<uuid:pk>/check/", year_rows.check_certificate, name="certificate_check"),
    path("certificates/<uuid:pk>/void/", year_rows.void_certificate, name="certificate_void"),
    path("contracts/<uuid:pk>/void/", year_rows.void_contract, name="contract_void"),
    path("claims/", claims.index, name="claims"),
    path("claims/<uuid:pk>/", claims.show, name="claim"),
]
