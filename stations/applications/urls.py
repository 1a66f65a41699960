"""Addresses of this room, by noun."""

from __future__ import annotations

from django.urls import path

from .views import (
    counter,
    decision,
    defects,
    draft,
    establishment,
    file,
    listing,
    materials,
    office,
    prints,
    review,
    submission,
)

app_name = "applications"
urlpatterns = [
    path("", listing.index, name="list"),
    path("start/", draft.start, name="start"),
    path("counter/", counter.start, name="counter"),
    path("counter/register/", counter.register, name="counter_register"),
    path("<uuid:pk>/", file.file, name="file"),
    # 申请表
    path("<uuid:pk>/form/", draft.save, name="save"),
    path("<uuid:pk>/form/field/", draft.autosave, name="autosave"),
    path("<uuid:pk>/form/sites/", draft.add_site, name="site_add"),
    path("<uuid:pk>/form/sites/<uuid:site>/remove/", draft.remove_site, name="site_remove"),
    # 材料
    path("<uuid:pk>/materials/", materials.add, name="material_add"),
    path("<uuid:pk>/materials/reuse/", materials.reuse, name="material_reuse"),
    path("<uuid:pk>/materials/paper/", materials.paper, name="paper"),
    path("<uuid:pk>/materials/<uuid:material>/remove/", materials.remove, name="material_remove"),
    # 补正
    path("<uuid:pk>/defects/<uuid:defect>/explain/", draft.explain, name="explain"),
    path("<uuid:pk>/supplement/<int:round>/", prints.supplement, name="supplement_pdf"),
    path("<uuid:pk>/defects/", defects.mark, name="mark"),
    path("<uuid:pk>/defects/<uuid:defect>/", defects.reword, name="reword"),
    path("<uuid:pk>/defects/<uuid:defect>/remove/", defects.unmark, name="unmark"),
    path("<uuid:pk>/return/", defects.send, name="return"),
    # 初审
    path("<uuid:pk>/review/", review.review, name="review"),
    path("<uuid:pk>/review/changes/", review.changed, name="changes"),
    path("<uuid:pk>/review/judgements/", office.judge, name="judge"),
    path("<uuid:pk>/review/judgements/confirm/", office.confirm, name="judge_confirm"),
    path("<uuid:pk>/review/credit/", office.credit, name="credit"),
    path("<uuid:pk>/review/sites/<uuid:site>/", office.check_site, name="site_check"),
    path("<uuid:pk>/review/snapshots/<uuid:snapshot>/", review.snapshot, name="snapshot"),
    path("<uuid:pk>/screen/", office.screen, name="screen"),
    # 审核
    path("approve/", decision.approve_several, name="approve_several"),
    path("<uuid:pk>/approve/", decision.approve, name="approve"),
    path("<uuid:pk>/reject/", decision.reject, name="reject"),
    path("<uuid:pk>/send-back/", decision.send_back, name="send_back"),
    path("<uuid:pk>/refusal/", decision.refusal, name="refusal_pdf"),
    # 打印
    path("<uuid:pk>/print/annex1/", prints.annex1, name="annex1_pdf"),
    path("<uuid:pk>/print/annex2/", prints.annex2, name="annex2_pdf"),
    path("<uuid:pk>/receipt/<int:event>/", prints.receipt, name="receipt"),
    # 提交
    path("<uuid:pk>/pledge/", submission.pledge, name="pledge"),
    path("<uuid:pk>/submit/", submission.submit, name="submit"),
    path("<uuid:pk>/withdraw/", submission.withdraw, name="withdraw"),
    # 发文
    path("establishment/", establishment.batches, name="batches"),
    path("establishment/new/", establishment.create, name="batch_create"),
    path("establishment/<uuid:pk>/", establishment.batch, name="batch"),
    path("establishment/<uuid:pk>/draft/", establishment.amend, name="batch_amend"),
    path("establishment/<uuid:pk>/draft/pdf/", establishment.draft_pdf, name="batch_pdf"),
    path("establishment/<uuid:pk>/draft/docx/", establishment.draft_docx, name="batch_docx"),
    path("establishment/<uuid:pk>/remove/<uuid:application>/", establishment.remove, name="batch_remove"),
    path("establishment/<uuid:pk>/dissolve/", establishment.dissolve, name="batch_dissolve"),
    path("establishment/<uuid:pk>/issue/", establishment.issue, name="batch_issue"),
]
