"""候选: applied for or nominated, its ledger looked at on site, screened, approved or refused (R-36 … R-41)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.excellent.enums import CandidateStage, Channel
from assessments.excellent.models import Candidate, LedgerSight, Round
from assessments.excellent.queries import as_json, matrix_of, standing_of
from assessments.excellent.rules import standing_problem
from assessments.sheets.enums import Stage
from assessments.sheets.models import Assessment
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Kind, Recommendation
from jinhua_labor.rulebook import policy_on
from stations.oversight.services.common import lock_station, require

from .rounds import is_listed

# --- standing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def stand(*, round_id: uuid.UUID, station_id: uuid.UUID, statement: str, by: User, key: uuid.UUID) -> Candidate:
    """申报 by the unit or 推荐 by the centre; the same form sent twice is one candidate.

    Raises Refused after the last day, for a station that may not stand, or one that is in the round already.
    """
    station = lock_station(station_id)
    if by.role == Role.OPERATOR and by.organisation_id != station.operator_id:
        raise PermissionDenied
    require(by, Role.OPERATOR, Role.CENTRE)
    if earlier := Candidate.objects.filter(pk=key).first():
        if (earlier.round_id, earlier.station_id, earlier.created_by_id) != (round_id, station_id, by.pk):
            raise Conflict("这张表单已经用过，请刷新后再提交。")
        return earlier
    round_ = _round(round_id)
    if today() > round_.apply_until:
        raise Refused(f"申报已于{date_cn(round_.apply_until)}截止。")
    if round_.notice_id:
        raise Refused("这一轮的名单已经公示，不能再申报。")
    if problem := standing_problem(standing_of(station)):
        raise Refused(problem)
    if not statement.strip():
        raise Refused("请写明事迹。", problems=(("请写明事迹。", "#id_statement"),))
    applied = by.role == Role.OPERATOR
    review = review_services.open_review(
        kind=Kind.AWARD,
        object_id=key,
        title=f"{station.name}参加{round_}",
        organisation=station.operator,
        url_name="excellent:candidate",
        open_key=f"{Kind.AWARD}:{round_.pk}:{station.pk}",
        by=by,
    )
    review = review_services.transition(review_services.lock(review.pk), Action.SUBMIT, by=by).review
    try:
        with transaction.atomic():
            row = Candidate.objects.create(
                id=key,
                round=round_,
                station=station,
                operator=station.operator,
                channel=Channel.APPLIED if applied else Channel.NOMINATED,
                statement=statement.strip(),
                review=review,
                created_by=by,
            )
    except IntegrityError as error:
        if "candidate_once_per_round" not in str(error):
            raise
        raise Refused("该工作站已列为这一轮的候选。") from error
    record(by=by, action="excellent.stand", obj=row, detail={"station": station.number, "year": round_.year})
    if applied:
        send(to_role=Role.CENTRE, subject=f"{station.name}申报优秀站点", link=row.get_absolute_url())
    return row


@transaction.atomic
def withdraw(*, candidate_id: uuid.UUID, by: User) -> Candidate:
    """撤回 by the unit, while the bureau has not decided."""
    row = locked(candidate_id)
    if by.role != Role.OPERATOR or by.organisation_id != row.operator_id:
        raise PermissionDenied
    if row.stage == CandidateStage.WITHDRAWN:
        return row
    row.review = review_services.transition(row.review, Action.WITHDRAW, by=by).review
    row.stage = CandidateStage.WITHDRAWN
    row.save(update_fields=["stage"])
    record(by=by, action="excellent.withdraw", obj=row)
    return row


# --- the centre -------------------------------------------------------------------------------------------------------


@transaction.atomic
def see_ledger(*, assessment_id: uuid.UUID, seen_on: dt.date, gaps: list[str], note: str, by: User) -> LedgerSight:
    """台账 of a final year as found on site; what was found before stays on record (R-40)."""
    require(by, Role.CENTRE)
    assessment = Assessment.objects.select_related("station").get(pk=assessment_id)
    if assessment.stage != Stage.FINAL:
        raise Conflict("这个年度的评估结果还没有确定。")
    if seen_on > today():
        raise Refused("实地核对日期不能晚于今天。", problems=(("实地核对日期不能晚于今天。", "#id_seen_on"),))
    if gaps and not note.strip():
        raise Refused("台账不完备的，请写明缺什么。", problems=(("请写明缺什么。", "#id_note"),))
    sight = LedgerSight.objects.create(
        assessment=assessment, seen_on=seen_on, gaps=sorted(set(gaps)), note=note.strip(), seen_by=by
    )
    record(by=by, action="excellent.ledger", obj=assessment, detail={"gaps": sight.gaps})
    return sight


@transaction.atomic
def screen(
    *,
    candidate_id: uuid.UUID,
    recommendation: Recommendation | None,
    opinion: str,
    by: User,
    version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:
    """初审: the four criteria as they stand are kept; 同意 only where all are met in every year (R-37 … R-40)."""
    row = locked(candidate_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    found = matrix_of(row.station, cutoff=row.round.cutoff)
    if recommendation == Recommendation.AGREE and found.met is not True:
        problems = tuple((text, "") for text in (*found.failures, *found.waiting))
        raise Refused("还不符合第十条的标准，不能同意。", problems=problems)
    event = review_services.transition(
        row.review, Action.SCREEN, by=by, opinion=Opinion(opinion, recommendation), version=version, key=key
    )
    row.figures, row.policy_version = as_json(found), policy_on(row.round.cutoff).policy.id
    row.stage = CandidateStage.SCREENED
    row.save(update_fields=["figures", "policy_version", "stage"])
    send(to_role=Role.BUREAU, subject=f"{row.station.name}优秀站点待审核", link=row.get_absolute_url())
    return event


# --- the bureau -------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_back(
    *, candidate_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """退回初审 with what is to be looked at again."""
    row = locked(candidate_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    event = review_services.transition(
        row.review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    row.stage, row.figures, row.policy_version = CandidateStage.SUBMITTED, None, ""
    row.save(update_fields=["stage", "figures", "policy_version"])
    return event


@transaction.atomic
def approve(
    *, candidate_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """审核通过: the station goes onto the list, within the quota; among equals the bureau decides (G-49)."""
    row = locked(candidate_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    round_ = _round(row.round_id)
    if is_listed(round_):
        raise Conflict("这一轮的名单已经公示，不能再增加。")
    if round_.quota is not None:
        approved = round_.candidates.filter(stage=CandidateStage.APPROVED).count()
        if approved >= round_.quota:
            raise Refused(f"这一轮名额{round_.quota}个已满，其余候选请以“未入选”办结。")
    if problem := standing_problem(standing_of(row.station)):
        raise Refused(problem)
    if (now := matrix_of(row.station, cutoff=round_.cutoff)).met is not True:
        raise Refused(
            "初审之后情况有变，已不符合第十条的标准，请退回初审。",
            problems=tuple((text, "") for text in (*now.failures, *now.waiting)),
        )
    event = review_services.transition(
        row.review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    row.stage = CandidateStage.APPROVED
    row.save(update_fields=["stage"])
    return event


@transaction.atomic
def reject(
    *, candidate_id: uuid.UUID, reason: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """未入选, with the reason; the four are 基本标准: meeting them makes eligible, not entitled."""
    row = locked(candidate_id)
    if earlier := review_services.repeated(row.review, key):
        return earlier
    event = review_services.transition(
        row.review, Action.REJECT, by=by, opinion=Opinion(reason), version=version, key=key
    )
    row.stage, row.closing_reason = CandidateStage.REJECTED, reason.strip()
    row.save(update_fields=["stage", "closing_reason"])
    _tell_not_chosen(row)
    return event


@transaction.atomic
def strike_out(*, candidate_id: uuid.UUID, reason: str, by: User) -> Candidate:
    """从名单中除去 after 审核, before the document: an objection was upheld, or the station may not be named any more.

    The list that was published is taken back first, the new one is published again. Conflict otherwise.
    """
    require(by, Role.BUREAU)
    row = locked(candidate_id)
    round_ = _round(row.round_id)
    if row.stage == CandidateStage.REJECTED and row.closing_reason == reason.strip():
        return row
    if row.stage != CandidateStage.APPROVED or round_.document_id:
        raise Conflict(f"该候选站点{row.get_stage_display()}，请刷新后再办。")
    if is_listed(round_):
        raise Refused("名单已经公示，请先撤回公示，再从名单中除去。")
    if not reason.strip():
        raise Refused("请写明理由。", problems=(("请写明理由。", "#id_strike_reason"),))
    row.stage, row.closing_reason = CandidateStage.REJECTED, reason.strip()
    row.save(update_fields=["stage", "closing_reason"])
    record(by=by, action="excellent.strike_out", obj=row, purpose=row.closing_reason)
    _tell_not_chosen(row)
    return row


def _tell_not_chosen(row: Candidate) -> None:
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}未入选{row.round}",
        body=row.closing_reason,
        link=row.get_absolute_url(),
    )


def _round(round_id: uuid.UUID) -> Round:
    rows = Round.objects.select_for_update(of=("self",), no_key=True).select_related("notice")
    return rows.get(pk=round_id)


def locked(candidate_id: uuid.UUID) -> Candidate:
    """The candidate with its review, the station's row locked before them (a title brings money)."""
    lock_station(Candidate.objects.values_list("station_id", flat=True).get(pk=candidate_id))
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("round", "station", "operator").get(pk=candidate_id)
    row.review = review_services.lock(row.review_id)
    return row
