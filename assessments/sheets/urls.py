"""Addresses of the yearly assessment."""

from django.urls import path

from .views import lists, results, sheet, whatif, year

app_name = "assessments"

urlpatterns = [
    path("", lists.years, name="list"),
    path("calendar/", lists.plan, name="calendar"),
    path("stations/<uuid:pk>/", lists.station, name="station"),
    path("<uuid:pk>/", year.assessment, name="assessment"),
    path("<uuid:pk>/self/submit/", year.self_submit, name="self_submit"),
    path("<uuid:pk>/self/remove/<uuid:evidence>/", year.self_remove, name="self_remove"),
    path("<uuid:pk>/self/lines/<str:code>/", year.self_add, name="self_add"),
    path("results/", results.results, name="results"),
    path("results/<int:year>/bulletin.<str:kind>", results.bulletin_file, name="bulletin"),
    path("what-if/<uuid:pk>/", whatif.page, name="whatif"),
    path("what-if/<uuid:pk>/export/", whatif.export, name="whatif_export"),
    path("<uuid:pk>/upheld/", results.upheld, name="upheld"),
    path("<uuid:pk>/correct/", results.correct, name="correct"),
    path("sheets/<uuid:pk>/annex3.pdf", results.annex, name="annex3"),
    path("sheets/<uuid:pk>/", sheet.sheet, name="sheet"),
    path("sheets/<uuid:pk>/lines/<str:code>/", sheet.line, name="line"),
    path("sheets/<uuid:pk>/refresh/", sheet.refresh, name="refresh"),
    path("sheets/<uuid:pk>/evidence/<uuid:evidence>/remove/", sheet.evidence_remove, name="evidence_remove"),
    path("sheets/<uuid:pk>/presence/", sheet.presence, name="presence"),
    path("sheets/<uuid:pk>/submit/", sheet.submit, name="submit"),
    path("sheets/<uuid:pk>/return/", sheet.send_back, name="return"),
    path("sheets/<uuid:pk>/check/", sheet.check, name="check"),
    path("sheets/<uuid:pk>/screen/", sheet.screen, name="screen"),
    path("sheets/<uuid:pk>/answers/<str:code>/", sheet.answer, name="answer"),
    path("sheets/<uuid:pk>/agree/", sheet.agree, name="agree"),
    path("sheets/<uuid:pk>/replies/<uuid:answer>/", sheet.reply, name="reply"),
    path("sheets/<uuid:pk>/confirm/", sheet.confirm, name="confirm"),
    path("sheets/<uuid:pk>/send-back/", sheet.return_to_centre, name="send_back"),
]
