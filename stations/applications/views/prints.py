"""打印件: 附件1, 附件2, 收件回执, 补正通知书 as PDF."""

from __future__ import annotations

import uuid

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.audit.services import record
from jinhua_labor.documents.forms import annex1_pdf, annex2_pdf
from jinhua_labor.documents.letters import receipt_pdf, supplement_notice_pdf
from jinhua_labor.jobs import services as jobs
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.states import Action
from stations.applications.models import SubmissionReceipt
from stations.applications.printing import print_annex2
from stations.applications.queries import prints

from .common import READERS, fetch


def _pdf(content: bytes, name: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(not inline, f"{name}.pdf")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
@allow(*READERS)
def annex1(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """附件1 as it stands; the offices' opinions are on the applicant's print once the decision is out."""
    application = fetch(request, pk)
    opinions = prints.may_print_opinions(application, applicant=request.user.role == Role.OPERATOR)
    content = annex1_pdf(prints.annex1(application, opinions=opinions))
    return _pdf(content, prints.title_of(application, "设立申请表"))


@require_POST
@allow(Role.OPERATOR, Role.CENTRE, Role.BUREAU)
def annex2(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """附件2 with full numbers: a read of secrets, so by POST and with a line in the journal; long lists as a job."""
    application = fetch(request, pk)
    rows = application.roster_list.deliveries.count()
    record(
        by=request.user, action="application.print_annex2", obj=application, purpose="打印附件2", detail={"rows": rows}
    )
    if rows > prints.ANNEX2_INLINE_ROWS:
        job = jobs.start(
            kind="annex2",
            title=f"打印附件2（{rows}行）",
            by=request.user,
            task=print_annex2,
            args={"application_id": str(pk), "user_id": str(request.user.pk)},
            total=rows,
            back_url=f"{application.get_absolute_url()}?tab=roster",
        )
        return redirect("jobs:detail", pk=job.pk)
    content = annex2_pdf(prints.annex2_head(application), prints.annex2_rows(application))
    return _pdf(content, prints.title_of(application, "累计输送劳动力名册"))


@require_GET
@allow(*READERS)
def receipt(request: UserRequest, pk: uuid.UUID, event: int) -> HttpResponseBase:
    """收件回执: the kept paper, or drawn anew from what the step has frozen."""
    application = fetch(request, pk)
    step = get_object_or_404(
        ReviewEvent.objects.select_related("review__organisation"),
        pk=event,
        review=application.review,
        action=Action.SUBMIT,
    )
    kept = SubmissionReceipt.objects.filter(event=step).first()
    if kept is not None:
        return redirect("attachments:download", pk=kept.attachment_id)
    return _pdf(receipt_pdf(prints.receipt(step)), f"收件回执-{application.review.number}")


@require_GET
@allow(*READERS)
def supplement(request: UserRequest, pk: uuid.UUID, round: int) -> HttpResponse:  # noqa: A002  # 第几次
    """补正通知书 as it was issued."""
    application = fetch(request, pk)
    notice = get_object_or_404(application.supplement_notices, round=round)
    notice.application = application
    content = supplement_notice_pdf(prints.supplement_notice(notice))
    return _pdf(content, f"补正通知书-{application.review.number}-{round}")
