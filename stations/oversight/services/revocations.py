"""取消资格 (第八条): proposed, told, heard, screened by a second person, decided by the bureau, announced, reversed.

Every step locks the station's row first (design §1.4).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import OFFICE_ROLES, Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import services as attachments
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.docno import parse_doc_no
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.workdays import work_calendar
from jinhua_labor.documents.models import DocumentKind, IssuedDocument
from jinhua_labor.documents.official import BUREAU
from jinhua_labor.documents.services import register, taken
from jinhua_labor.mailbox.services import send
from jinhua_labor.notices import services as notices
from jinhua_labor.notices.models import NoticeKind
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Kind, Recommendation
from jinhua_labor.rulebook import policy_on
from stations.oversight.enums import (
    FindingState,
    GraveLimb,
    Ground,
    ReversalCause,
    RevocationPaperSlot,
    RevocationStage,
)
from stations.oversight.models import Revocation, RevocationPaper
from stations.oversight.queries.numbers import next_number
from stations.oversight.queries.revocations import announcement, said, title
from stations.oversight.rules.revocations import (
    Proposal,
    Run,
    YearResult,
    consecutive_fails,
    defence_ends,
    may_close_hearing,
    proposal_problems,
    restored,
)
from stations.oversight.rules.visits import all_settled
from stations.registry.enums import StationState
from stations.registry.models import Ban, Station
from stations.registry.rules import Revocation as Dates
from stations.registry.rules import bar_of

from .common import PAPERS, lock_station, require, require_unit_of

FILES_MAX = 10
MAY_START = (StationState.ACTIVE, StationState.RECTIFYING, StationState.EXPIRED)
SILENT = "逾期未陈述申辩。"


@dataclass(frozen=True, slots=True)
class Content:
    """What a proposal says, with its files; the first file is the main one."""

    grounds: Sequence[Ground]
    facts: str
    uploads: Sequence[attachments.Upload] = field(default=())
    grave: GraveLimb | None = None
    finding: str = ""
    verified: bool = False


# --- put forward ------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose(
    *, station_id: uuid.UUID, content: Content, by: User, key: uuid.UUID, draft_id: uuid.UUID | None = None
) -> Revocation:
    """提出取消, by the centre (R-33); `draft_id` is the system's draft this person submits (R-34).

    The same form sent twice is one proposal. Raises Refused with every problem, Conflict when one is open.
    """
    require(by, Role.CENTRE)
    station = lock_station(station_id)
    if earlier := Revocation.objects.filter(pk=draft_id or key, proposed_by=by).first():
        return earlier
    _refuse_started(station)
    row = Revocation(id=key, created_by=by)
    if draft_id is not None:
        row = Revocation.objects.select_for_update(of=("self",)).get(pk=draft_id, station=station)
        if row.stage != RevocationStage.DRAFT:
            raise Conflict(f"这份拟稿{row.get_stage_display()}，请刷新后查看。")
    _fill(row, station, content, by=by, by_unit=False)
    row.save()
    _store(row, content.uploads, slot=RevocationPaperSlot.EVIDENCE, audience=Audience.OFFICE, by=by)
    _start(row, station, by=by)
    return row


@transaction.atomic
def apply(
    *, station_id: uuid.UUID, reason: str, application: Sequence[attachments.Upload], by: User, key: uuid.UUID
) -> Revocation:
    """主动申请取消资格, by the unit, with its signed application; goes to 初审 at once."""
    station = lock_station(station_id)
    require_unit_of(station, by)
    if earlier := Revocation.objects.filter(pk=key, proposed_by=by).first():
        return earlier
    _refuse_started(station)
    row = Revocation(id=key, created_by=by)
    content = Content(grounds=[Ground.G1], facts=reason, uploads=application)
    _fill(row, station, content, by=by, by_unit=True)
    row.save()
    slot, audience = RevocationPaperSlot.APPLICATION, Audience.PARTY_AND_OFFICE
    _store(row, content.uploads, slot=slot, audience=audience, by=by)
    _start(row, station, by=by)
    _report(row, entered_by=by, by=by)
    send(
        to_role=Role.CENTRE,
        subject=f"{station.name}主动申请取消资格，待初审",
        body=f"编号{row.number}，{station.operator.name}。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def draft_g3(*, station_id: uuid.UUID, results: Iterable[YearResult]) -> Revocation | None:
    """What the system drafts when two consecutive years are FINAL 不合格 (R-34); a person of the centre submits it.

    None where there is no such run or the station has gone. The same two years give one draft, whatever became of it.
    """
    station = lock_station(station_id)
    found = consecutive_fails(results, count=policy_on(today()).policy.consecutive_fail)
    if found.run is not Run.PROPOSAL:
        return None
    years = list(found.years)
    if earlier := Revocation.objects.filter(station=station, fail_years=years).first():
        return earlier
    if station.state not in MAY_START or station.revocations.filter(stage=RevocationStage.DRAFT).exists():
        return None
    system = User.objects.system()
    row = Revocation.objects.create(
        number=next_number(Revocation, "QX", today()),
        station=station,
        operator=station.operator,
        stage=RevocationStage.DRAFT,
        former_state=station.state,
        grounds=[Ground.G3],
        facts=f"{'、'.join(f'第{number}年度' for number in years)}评估结果均为不合格，且结果均已确定。",
        fail_years=years,
        created_by=system,
    )
    record(by=system, action="revocation.draft", obj=row, detail={"years": years})
    send(
        to_role=Role.CENTRE,
        subject=f"{station.name}连续两个年度评估不合格，请核对后决定是否提出取消",
        body=row.facts,
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def drop(*, revocation_id: uuid.UUID, reason: str, by: User) -> Revocation:
    """不予提出: the centre puts the system's draft aside, with its reason."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    _expect(row, RevocationStage.DRAFT)
    _close(row, RevocationStage.DROPPED, reason, by=by, action="revocation.drop")
    return row


# --- told and heard ---------------------------------------------------------------------------------------------------


@transaction.atomic
def notify(*, revocation_id: uuid.UUID, by: User) -> Revocation:
    """告知: facts, grounds and the right to state and defend, with the last day of it (R-33)."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    if row.voluntary:
        raise Refused("主动申请取消资格的，不需要告知。")
    if row.stage == RevocationStage.NOTIFIED and row.notified_by_id == by.pk:
        return row
    _expect(row, RevocationStage.PROPOSED)
    day = today()
    row.stage, row.notified_by, row.notified_on = RevocationStage.NOTIFIED, by, day
    row.defence_until = defence_ends(day, settings=policy_on(day).policy.settings, calendar=work_calendar())
    row.save()
    record(by=by, action="revocation.notify", obj=row, detail={"until": row.defence_until.isoformat()})
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}取消资格事先告知书",
        body=f"可在{date_cn(row.defence_until)}（含）前提出陈述和申辩。事实、理由和依据见告知书。",
        link=row.get_absolute_url(),
    )
    return row


@transaction.atomic
def state(*, revocation_id: uuid.UUID, text: str, uploads: Sequence[attachments.Upload], by: User) -> Revocation:
    """陈述申辩 of the unit, once; what comes late is read too as long as the centre has not closed the hearing."""
    row = locked(revocation_id)
    if by.role != Role.OPERATOR or by.organisation_id != row.operator_id:
        raise PermissionDenied
    if row.statement:
        if row.statement == text.strip():
            return row
        raise Conflict("已提交陈述申辩，需要补充的请联系区就业服务中心。")
    _expect(row, RevocationStage.NOTIFIED)
    if not text.strip():
        raise Refused("请填写陈述申辩的内容。", problems=(("请填写陈述申辩的内容。", "#id_text"),))
    row.statement, row.statement_by, row.statement_on = text.strip(), by, today()
    row.save()
    _store(row, uploads, slot=RevocationPaperSlot.STATEMENT, audience=Audience.PARTY_AND_OFFICE, by=by, main=False)
    record(by=by, action="revocation.state", obj=row)
    send(to_role=Role.CENTRE, subject=f"{row.station.name}已提出陈述申辩，请处理", link=row.get_absolute_url())
    return row


@transaction.atomic
def answer(*, revocation_id: uuid.UUID, text: str, by: User) -> Revocation:
    """The centre's answer to what the unit said, or 逾期未陈述; the report goes to 初审 by a colleague."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    if row.stage == RevocationStage.REPORTED and row.answered_by_id == by.pk:
        return row
    if row.stage == RevocationStage.PROPOSED:
        raise Refused("还没有书面告知，不能报审。")
    _expect(row, RevocationStage.NOTIFIED)
    day, until = today(), row.defence_until
    assert until is not None
    if not may_close_hearing(stated=bool(row.statement), until=until, on=day):
        raise Refused(f"陈述申辩期限至{date_cn(until)}（含），还没有结束，单位也没有提交，现在不能报审。")
    words = text.strip()
    if not row.statement:
        words = SILENT + words.removeprefix(SILENT)
    elif not words:
        raise Refused("请写明对陈述申辩逐条的处理。", problems=(("请写明处理意见。", "#id_answer_text"),))
    row.answer, row.answered_by, row.answered_on = words, by, day
    proposer = row.proposed_by
    assert proposer is not None
    _report(row, entered_by=proposer, by=by)
    record(by=by, action="revocation.answer", obj=row)
    send(to_role=Role.CENTRE, subject=f"{row.station.name}取消资格待初审", link=row.get_absolute_url())
    return row


# --- the two steps ----------------------------------------------------------------------------------------------------


@transaction.atomic
def screen(
    *, revocation_id: uuid.UUID, recommendation: Recommendation | None, opinion: str, by: User,
    version: int | None = None, key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """初审 by a second person of the centre: who proposed or answered does not screen."""
    row = locked(revocation_id)
    review = _review(row)
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
        _review(row), Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
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
    review, station = _review(row), row.station
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
    _move(station, StationState.REVOKED, by=by, why=number)
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
        review = _review(row)
        if review_services.repeated(review, key):
            return row
        opinion = Opinion(reason)
        row.review = review_services.transition(
            review, Action.REJECT, by=by, opinion=opinion, version=version, key=key
        ).review
    else:
        _expect(row, RevocationStage.PROPOSED, RevocationStage.NOTIFIED)
    _close(row, RevocationStage.DISMISSED, reason, by=by, action="revocation.dismiss")
    _restore(row, by=by, why=row.number)
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
    _expect(row, RevocationStage.REPORTED)
    row.review = review_services.transition(_review(row), Action.WITHDRAW, by=by, opinion=Opinion(reason)).review
    _close(row, RevocationStage.WITHDRAWN, reason, by=by, action="revocation.withdraw")
    _restore(row, by=by, why=row.number)
    return row


# --- what follows -----------------------------------------------------------------------------------------------------


@transaction.atomic
def deliver(*, revocation_id: uuid.UUID, on: dt.date, by: User) -> Revocation:
    """送达 of the decision."""
    require(by, Role.CENTRE)
    row = locked(revocation_id)
    _expect(row, RevocationStage.DECIDED)
    if row.delivered_on == on:
        return row
    if row.delivered_on is not None:
        raise Conflict(f"已登记{date_cn(row.delivered_on)}送达，请刷新后查看。")
    assert row.document is not None
    if not row.document.issued_on <= on <= today():
        raise Refused("送达日期须在成文日期之后，且不晚于今天。", problems=(("请核对送达日期。", "#id_deliver_on"),))
    row.delivered_on, row.delivered_by = on, by
    row.save(update_fields=["delivered_on", "delivered_by"])
    # Where the bureau reads 公布 or 送达 as the start of the bar, its day is known only now.
    dates = Dates(row.document.issued_on, published_on=row.announced_on, delivered_on=on)
    last_day = bar_of(dates, policy=policy_on(row.document.issued_on).policy).until
    Ban.objects.filter(pk=row.ban_id).exclude(last_day=last_day).update(last_day=last_day)
    record(by=by, action="revocation.deliver", obj=row, detail={"on": on.isoformat()})
    return row


@transaction.atomic
def return_plaque(*, revocation_id: uuid.UUID, on: dt.date, by: User) -> Revocation:
    """铭牌交回: the task the decision left."""
    require(by, *OFFICE_ROLES)
    row = locked(revocation_id)
    if row.plaque_returned_on == on:
        return row
    if row.plaque_due_on is None or row.plaque_returned_on is not None or row.stage != RevocationStage.DECIDED:
        raise Conflict("没有待交回的铭牌，请刷新后查看。")
    assert row.document is not None
    if not row.document.issued_on <= on <= today():
        raise Refused("交回日期须在成文日期之后，且不晚于今天。", problems=(("请核对交回日期。", "#id_plaque_on"),))
    row.plaque_returned_on, row.plaque_returned_by = on, by
    row.save(update_fields=["plaque_returned_on", "plaque_returned_by"])
    record(by=by, action="revocation.plaque", obj=row, detail={"on": on.isoformat()})
    return row


@transaction.atomic
def reverse_decision(
    *, revocation_id: uuid.UUID, cause: ReversalCause, reason: str, on: dt.date, upload: attachments.Upload, by: User
) -> Revocation:
    """决定撤销 (复议、诉讼、自行纠正): the bar ends on that day and the station comes back; the history stays."""
    require(by, Role.BUREAU)
    row = locked(revocation_id)
    if row.stage == RevocationStage.REVERSED and row.reversed_by_id == by.pk and row.reversed_on == on:
        return row
    _expect(row, RevocationStage.DECIDED)
    assert row.document is not None
    assert row.ban is not None
    problems = []
    if not reason.strip():
        problems.append(("请写明撤销决定的理由。", "#id_reverse_reason"))
    if not row.document.issued_on <= on <= today():
        problems.append(("撤销日期须在决定的成文日期之后，且不晚于今天。", "#id_reverse_on"))
    if problems:
        raise Refused("还不能撤销决定，请先处理以下问题。", problems=tuple(problems))
    _store(row, [upload], slot=RevocationPaperSlot.REVERSAL, audience=Audience.PARTY_AND_OFFICE, by=by, main=False)
    row.stage, row.reversed_on, row.reversed_by = RevocationStage.REVERSED, on, by
    row.reversal_cause, row.reversal_reason = cause, reason.strip()
    row.save()
    ban = Ban.objects.select_for_update().get(pk=row.ban.pk)
    ban.lifted_on = on
    ban.save(update_fields=["lifted_on"])
    _restore(row, by=by, why=f"{row.document.doc_no}已撤销")
    record(by=by, action="revocation.reverse", obj=row, detail={"cause": cause, "on": on.isoformat()})
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}取消资格的决定已撤销",
        body=f"{date_cn(on)}起恢复资格，不得申报的限制同时解除。{row.reversal_reason}",
        link=row.get_absolute_url(),
    )
    send(
        to_role=Role.BUREAU,
        subject=f"{row.station.name}取消资格的决定已撤销，请处理已发布的公告",
        link=row.notice.get_absolute_url() if row.notice else "",
    )
    return row


# --- helpers ----------------------------------------------------------------------------------------------------------


def locked(revocation_id: uuid.UUID) -> Revocation:
    """The station first, then the procedure, then its review."""
    station = lock_station(Revocation.objects.values_list("station_id", flat=True).get(pk=revocation_id))
    row = (
        Revocation.objects.select_for_update(of=("self",), no_key=True).select_related("operator").get(pk=revocation_id)
    )
    row.station = station
    if row.review_id is not None:
        row.review = review_services.lock(row.review_id)
    return row


def _review(row: Revocation) -> Review:
    if row.review is None:
        raise Refused("还没有书面告知并处理陈述申辩，不能初审或决定。" if row.is_open else "该件没有在办的审核。")
    return row.review


def _expect(row: Revocation, *stages: RevocationStage) -> None:
    if row.stage not in stages:
        raise Conflict(f"该件{row.get_stage_display()}，请刷新后再办。")


def _refuse_started(station: Station) -> None:
    if station.state not in MAY_START:
        raise Conflict(f"工作站{station.get_state_display()}，不能再提出取消。")


def _fill(row: Revocation, station: Station, content: Content, *, by: User, by_unit: bool) -> None:
    proposal = Proposal(
        grounds=content.grounds,
        facts=content.facts,
        evidence=len(content.uploads),
        by_unit=by_unit,
        grave=content.grave,
        finding=content.finding,
        verified=content.verified,
    )
    if problems := proposal_problems(proposal):
        raise Refused(
            "还不能提出取消，请先处理以下问题。",
            problems=tuple((one.message, f"#id_{one.field}") for one in problems),
        )
    if len(content.uploads) > FILES_MAX:
        raise Refused(f"一次最多{FILES_MAX}个文件，请合并后再上传。")
    day, graves = today(), Ground.G5 in content.grounds
    row.number = row.number or next_number(Revocation, "QX", day)
    row.station, row.operator, row.former_state = station, station.operator, station.state
    row.grounds = [ground for ground in Ground if ground in set(content.grounds)]
    row.facts = content.facts.strip()
    row.grave = content.grave if graves and content.grave else ""
    row.finding, row.verified = (content.finding.strip(), content.verified) if graves else ("", False)
    row.stage, row.proposed_by, row.proposed_on = RevocationStage.PROPOSED, by, day
    audience = Audience.PARTY_AND_OFFICE if by_unit else Audience.OFFICE
    row.evidence = _keep(content.uploads[0], row, audience=audience, by=by)


def _keep(upload: attachments.Upload, row: Revocation, *, audience: Audience, by: User) -> Attachment:
    return attachments.store(
        upload, by=by, organisation=row.operator, audience=audience, kinds=PAPERS, kind="revocation_paper"
    )


def _store(
    row: Revocation, uploads: Sequence[attachments.Upload], *, slot: RevocationPaperSlot, audience: Audience, by: User,
    main: bool = True,
) -> None:  # fmt: skip
    """The files beside the row; the main one is stored already."""
    if len(uploads) > FILES_MAX:
        raise Refused(f"一次最多{FILES_MAX}个文件，请合并后再上传。")
    files = [row.evidence] if main else []
    files += [_keep(upload, row, audience=audience, by=by) for upload in uploads[1 if main else 0 :]]
    for file in files:
        assert file is not None
        RevocationPaper.objects.create(revocation=row, slot=slot, attachment=file, added_by=by)


def _start(row: Revocation, station: Station, *, by: User) -> None:
    record(by=by, action="revocation.propose", obj=row, detail={"grounds": list(row.grounds)})
    _move(station, StationState.REVOKING, by=by, why=row.number)


def _report(row: Revocation, *, entered_by: User, by: User) -> None:
    """The file goes to 初审: its review carries the number of the procedure."""
    review = review_services.open_review(
        kind=Kind.REVOCATION,
        object_id=row.pk,
        title=f"{row.station.name}取消资格",
        organisation=row.operator,
        url_name="oversight:revocation",
        open_key=f"{Kind.REVOCATION}:{row.station_id}",
        by=entered_by,
    )
    review = review_services.lock(review.pk)
    review.number = row.number
    row.review = review_services.transition(review, Action.SUBMIT, by=by).review
    row.stage = RevocationStage.REPORTED
    row.save()


def _close(row: Revocation, stage: RevocationStage, reason: str, *, by: User, action: str) -> None:
    if not reason.strip():
        raise Refused("请写明理由。", problems=(("请写明理由。", "#id_reason"),))
    row.stage, row.closing_reason = stage, reason.strip()
    row.save()
    record(by=by, action=action, obj=row)


def _move(station: Station, state: StationState, *, by: User, why: str) -> None:
    before, station.state = station.state, state
    try:
        with transaction.atomic():
            station.save(update_fields=["state"])
    except IntegrityError as error:
        if "station_one_per_area" not in str(error):
            raise
        raise Refused("该单位在此地区已另有工作站，不能恢复这一个。") from error
    record(by=by, action="station.revocation", obj=station, detail={"before": before, "after": state, "why": why})


def _restore(row: Revocation, *, by: User, why: str) -> None:
    """The station's former state as things stand today."""
    station = row.station
    states = [FindingState(one) for one in station.findings.values_list("state", flat=True)]
    former = StationState(row.former_state)
    state_now = restored(former, all_put_right=all_settled(states), term_to=station.term_to, on=today())
    _move(station, state_now, by=by, why=why)


def _document_problems(doc_no: str, issued_on: dt.date, row: Revocation) -> tuple[str, list[tuple[str, str]]]:
    problems, number = [], doc_no.strip()
    try:
        parsed = parse_doc_no(doc_no)
    except ValueError as error:
        problems.append((str(error), "#id_decide_doc_no"))
    else:
        number = str(parsed)
        if IssuedDocument.objects.filter(doc_no=number).exists():
            problems.append((taken(number), "#id_decide_doc_no"))
        if parsed.year != issued_on.year:
            problems.append((f"发文字号的年份〔{parsed.year}〕与成文日期的年份不一致。", "#id_decide_doc_no"))
    if issued_on > today():
        problems.append(("成文日期不能晚于今天。", "#id_decide_issued_on"))
    screened = row.review.screened_at if row.review else None
    if screened and issued_on < timezone.localdate(screened):
        problems.append(
            (f"成文日期不能早于初审日期（{date_cn(timezone.localdate(screened))}）。", "#id_decide_issued_on")
        )
    return number, problems
