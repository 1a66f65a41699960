"""初审 by a second person, and the bureau's decision: to revoke, or not (R-33, R-35)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Refused
from jinhua_labor.documents.models import DocumentKind
from jinhua_labor.documents.official import BUREAU
from jinhua_labor.documents.services import number_problems, register
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import NoticeKind
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import RevocationStage
from stations.oversight.models import Revocation
from stations.oversight.queries.revocations import announcement, said, title
from stations.oversight.services.common import require
from stations.registry.enums import StationState
from stations.registry.models import Ban
from stations.registry.rules import Revocation as Dates
from stations.registry.rules import bar_of

from .common import close, expect, locked, move, restore, review_of


@transaction.atomic
def screen(
    *, revocation_id: uuid.UUID, recommendation: Recommendation | None, opinion: str, by: User,
    version: int | None = None, key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """初审 by a second person of the centre: who proposed or answered does not screen."""
    row = locked(revocation_id)
    review = review_of(row)
    if earlier := review_services.repeated(review, key):
        return earlier
    event = review_services.transition(
        review, Action.SCREEN, by=by, opinion=Opinion(opinion, recommendation), version=version, key=key
    )
    send(
        to_role=Role.BUREAU,
        subject=f"{row.station.name}取消资格待决定",
        body=f"编号{row.number}，{row.operator.name}。",
        link=row.get_absolute_url(),
    )
    return event


@transaction.atomic
def send_back(
    *, revocation_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回初审 with what is to be looked at again."""
    row = locked(revocation_id)
    return review_services.transition(
        review_of(row), Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )


@transaction.atomic
def decide(
    *, revocation_id: uuid.UUID, opinion: str, doc_no: str, issued_on: dt.date, upload: attachments.Upload,
    plaque_due_on: dt.date | None, by: User, version: int | None = None, key: uuid.UUID | None = None,
) -> Revocation:  # fmt: skip
    """取消资格决定: number, 成文日期 and signed copy; the station is revoked, the unit barred through the last day,
    (R-35), the announcement prepared for a second person, the plaque asked back.

    Raises Refused with one problem for each thing to mend.
    """
    row = locked(revocation_id)
    review, station = review_of(row), row.station
    if review_services.repeated(review, key):
        return row
    review_services.may_take(review, Action.APPROVE, by=by, version=version)
    if review.recommendation != Recommendation.AGREE:
        raise Refused("初审意见为不同意，不能直接决定取消；请退回初审或不予取消。")
    if station.operator_id != row.operator_id:
        raise Refused("程序开始后承建单位已变更，不能对原单位作出决定；请不予取消后重新提出。")
    number, problems = _document_problems(doc_no, issued_on, row)
    if station.plaque_on and plaque_due_on is None:
        problems.append(("请填写铭牌交回期限。", "#id_decide_plaque_due_on"))
    if plaque_due_on is not None and plaque_due_on < today():
        problems.append(("铭牌交回期限不能早于今天。", "#id_decide_plaque_due_on"))
    if problems:
        raise Refused("还不能作出决定，请先处理以下问题。", problems=tuple(problems))
    event = review_services.transition(
        review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key, detail={"doc_no": number}
    )
    row.review = event.review
    signed = attachments.store(
        upload,
        by=by,
        organisation=row.operator,
        audience=Audience.PARTY_AND_OFFICE,
        kinds=("pdf",),
        kind="revocation_document",
    )
    row.document = register(
        kind=DocumentKind.REVOCATION,
        doc_no=number,
        title=title(row),
        issued_on=issued_on,
        content=said(row, doc_no=number, issued_on=issued_on),
        signed=signed,
        by=by,
    )
    bar = bar_of(Dates(issued_on), policy=policy_on(issued_on).policy)
    row.ban = Ban.objects.create(
        credit_code=row.operator.credit_code,
        organisation_name=row.operator.name,
        decided_on=issued_on,
        last_day=bar.until,
        document_no=number,
        created_by=by,
    )
    heading, body = announcement(row, doc_no=number, issued_on=issued_on, until=bar.until)
    row.notice = notices.prepare(
        kind=NoticeKind.REVOCATION,
        title=heading,
        body=body,
        by=by,
        office=BUREAU,
        phone=settings.SITE_PHONE,
        object_id=row.pk,
    )
    row.stage, row.plaque_due_on = RevocationStage.DECIDED, plaque_due_on if station.plaque_on else None
    row.save()
    move(station, StationState.REVOKED, by=by, why=number)
    record(
        by=by,
        action="revocation.decide",
        obj=row,
        detail={"doc_no": number, "issued_on": issued_on.isoformat(), "last_day": bar.until.isoformat()},
    )
    plaque = f"请于{date_cn(row.plaque_due_on)}前交回铭牌。" if row.plaque_due_on else ""
    send(
        to_organisation=row.operator,
        subject=f"{station.name}已被取消资格",
        body=f"{number}（{date_cn(issued_on)}）。{date_cn(bar.until)}（含）前不得重新申报，"
        f"{date_cn(bar.opens_on)}起可以提交。{plaque}救济途径见决定书。",
        link=row.get_absolute_url(),
    )
    send(
        to_role=Role.CENTRE,
        subject=f"{station.name}已取消：请送达决定书{'、收回铭牌' if row.plaque_due_on else ''}",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def dismiss(
    *, revocation_id: uuid.UUID, reason: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> Revocation:
    """不予取消 by the bureau, with its reason: at its own step, or earlier while nothing is reported yet (§5.6)."""
    require(by, Role.BUREAU)
    row = locked(revocation_id)
    if not reason.strip():
        raise Refused("请写明不予取消的理由。", problems=(("请写明理由。", "#id_dismiss_reason"),))
    if row.stage == RevocationStage.REPORTED:
        review = review_of(row)
        if review_services.repeated(review, key):
            return row
        opinion = Opinion(reason)
        row.review = review_services.transition(
            review, Action.REJECT, by=by, opinion=opinion, version=version, key=key
        ).review
    else:
        expect(row, RevocationStage.PROPOSED, RevocationStage.NOTIFIED)
    close(row, RevocationStage.DISMISSED, reason, by=by, action="revocation.dismiss")
    restore(row, by=by, why=row.number)
    if row.voluntary or row.notified_on:
        send(
            to_organisation=row.operator,
            subject=f"{row.station.name}不予取消资格",
            body=row.closing_reason,
            link=row.get_absolute_url(),
        )
    send(to_role=Role.CENTRE, subject=f"{row.station.name}不予取消资格", link=row.get_absolute_url())
    return row


@transaction.atomic
def withdraw(*, revocation_id: uuid.UUID, reason: str, by: User) -> Revocation:
    """The unit takes its own application back, while the bureau has not decided."""
    row = locked(revocation_id)
    if by.role != Role.OPERATOR or by.organisation_id != row.operator_id or not row.voluntary:
        raise PermissionDenied
    if row.stage == RevocationStage.WITHDRAWN:
        return row
    expect(row, RevocationStage.REPORTED)
    row.review = review_services.transition(review_of(row), Action.WITHDRAW, by=by, opinion=Opinion(reason)).review
    close(row, RevocationStage.WITHDRAWN, reason, by=by, action="revocation.withdraw")
    restore(row, by=by, why=row.number)
    return row


def _document_problems(doc_no: str, issued_on: dt.date, row: Revocation) -> tuple[str, list[tuple[str, str]]]:
    number, problems = number_problems(doc_no, issued_on, prefix="id_decide_")
    screened = row.review.screened_at if row.review else None
    if screened and issued_on < timezone.localdate(screened):
        problems.append(
            (f"成文日期不能早于初审日期（{date_cn(timezone.localdate(screened))}）。", "#id_decide_issued_on")
        )
    return number, problems
