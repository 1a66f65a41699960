"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import activities, changes, revocations, takeover, visits

app_name = "oversight"
urlpatterns: list[URLPattern] = [
    # 专人与变更
    path("changes/", changes.changes, name="changes"),
    path("stations/<uuid:pk>/changes/", changes.station_changes, name="station_changes"),
    path("stations/<uuid:pk>/changes/new/", changes.change_new, name="change_new"),
    path("stations/<uuid:pk>/changes/found/", changes.change_found, name="change_found"),
    path("changes/<uuid:pk>/", changes.change, name="change"),
    path("changes/<uuid:pk>/amend/", changes.change_amend, name="change_amend"),
    path("changes/<uuid:pk>/withdraw/", changes.change_withdraw, name="change_withdraw"),
    path("changes/<uuid:pk>/file/", changes.change_file, name="change_file"),
    path("changes/<uuid:pk>/return/", changes.change_return, name="change_return"),
    path("changes/<uuid:pk>/handover/", changes.change_handover, name="change_handover"),
    # 承建单位变更的两级审核
    path("changes/<uuid:pk>/accept/", takeover.change_accept, name="change_accept"),
    path("changes/<uuid:pk>/check/", takeover.change_check, name="change_check"),
    path("changes/<uuid:pk>/credit/", takeover.change_credit, name="change_credit"),
    path("changes/<uuid:pk>/screen/", takeover.change_screen, name="change_screen"),
    path("changes/<uuid:pk>/approve/", takeover.change_approve, name="change_approve"),
    path("changes/<uuid:pk>/reject/", takeover.change_reject, name="change_reject"),
    path("changes/<uuid:pk>/send-back/", takeover.change_back, name="change_back"),
    # 走访检查与整改
    path("visits/", visits.visits, name="visits"),
    path("findings/", visits.findings, name="findings"),
    path("stations/<uuid:pk>/visits/", visits.station_visits, name="station_visits"),
    path("stations/<uuid:pk>/visits/plan/", visits.visit_plan, name="visit_plan"),
    path("stations/<uuid:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<uuid:pk>/", visits.visit, name="visit"),
    path("visits/<uuid:pk>/record/", visits.visit_record, name="visit_record"),
    path("visits/<uuid:pk>/cancel/", visits.visit_cancel, name="visit_cancel"),
    path("visits/<uuid:pk>/photo/", visits.visit_photo, name="visit_photo"),
    path("findings/<uuid:pk>/", visits.finding, name="finding"),
    path("findings/<uuid:pk>/rectify/", visits.finding_rectify, name="finding_rectify"),
    path("findings/<uuid:pk>/recheck/", visits.finding_recheck, name="finding_recheck"),
    # 劳务对接活动
    path("activities/", activities.activities, name="activities"),
    path("stations/<uuid:pk>/activities/", activities.station_activities, name="station_activities"),
    path("stations/<uuid:pk>/activities/new/", activities.activity_new, name="activity_new"),
    path("activities/<uuid:pk>/", activities.activity, name="activity"),
    path("activities/<uuid:pk>/amend/", activities.activity_amend, name="activity_amend"),
    path("activities/<uuid:pk>/confirm/", activities.activity_confirm, name="activity_confirm"),
    path("activities/<uuid:pk>/return/", activities.activity_return, name="activity_return"),
    path("activities/<uuid:pk>/withdraw/", activities.activity_withdraw, name="activity_withdraw"),
    path(
        "activities/<uuid:pk>/papers/<uuid:paper>/remove/",
        activities.activity_paper_remove,
        name="activity_paper_remove",
    ),
    # 取消资格
    path("revocations/", revocations.revocations, name="revocations"),
    path("stations/<uuid:pk>/revocations/", revocations.station_revocations, name="station_revocations"),
    path("stations/<uuid:pk>/revocations/new/", revocations.revocation_new, name="revocation_new"),
    path("stations/<uuid:pk>/revocations/apply/", revocations.revocation_apply, name="revocation_apply"),
    path("revocations/<uuid:pk>/", revocations.revocation, name="revocation"),
    path("revocations/<uuid:pk>/notify/", revocations.revocation_notify, name="revocation_notify"),
    path("revocations/<uuid:pk>/statement/", revocations.revocation_statement, name="revocation_statement"),
    path("revocations/<uuid:pk>/answer/", revocations.revocation_answer, name="revocation_answer"),
    path("revocations/<uuid:pk>/screen/", revocations.revocation_screen, name="revocation_screen"),
    path("revocations/<uuid:pk>/send-back/", revocations.revocation_back, name="revocation_back"),
    path("revocations/<uuid:pk>/decide/", revocations.revocation_decide, name="revocation_decide"),
    path("revocations/<uuid:pk>/dismiss/", revocations.revocation_dismiss, name="revocation_dismiss"),
    path("revocations/<uuid:pk>/withdraw/", revocations.revocation_withdraw, name="revocation_withdraw"),
    path("revocations/<uuid:pk>/drop/", revocations.revocation_drop, name="revocation_drop"),
    path("revocations/<uuid:pk>/deliver/", revocations.revocation_deliver, name="revocation_deliver"),
    path("revocations/<uuid:pk>/plaque/", revocations.revocation_plaque, name="revocation_plaque"),
    path("revocations/<uuid:pk>/reverse/", revocations.revocation_reverse, name="revocation_reverse"),
    path("revocations/<uuid:pk>/put/", revocations.revocation_put, name="revocation_put"),
    path("revocations/<uuid:pk>/letter.pdf", revocations.revocation_letter, name="revocation_letter"),
    path("revocations/<uuid:pk>/decision.pdf", revocations.revocation_pdf, name="revocation_pdf"),
    path("revocations/<uuid:pk>/decision.docx", revocations.revocation_docx, name="revocation_docx"),
]
