"""变更承建单位 through both steps: the new unit's consent, the centre's checks and 初审, the bureau's 审核."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, Recommendation, State
from stations.oversight.enums import ChangeState, UnitCondition, UnitCredit, UnitVerdict
from stations.oversight.models import ChangeReport, UnitCheck
from stations.oversight.queries.changes import standing_problems
from stations.registry.enums import StationState

from .carrying_out import carry_out, locked
from .moving_files import close_files


@transaction.atomic
def accept(*, change_id: uuid.UUID, by: User) -> ChangeReport:
    """接收单位确认承接: by its own people, before 初审 may agree."""
    change = locked(change_id)
    if by.role != Role.OPERATOR or by.organisation_id != change.new_operator_id:
        raise PermissionDenied
    if change.accepted_at is not None:
        return change
    if not change.is_open:
        raise Conflict(f"该件{change.get_state_display()}，不能再确认。")
    change.accepted_by, change.accepted_at = by, timezone.now()
    change.save(update_fields=["accepted_by", "accepted_at"])
    record(by=by, action="change.accept", obj=change)
    send(to_role=Role.CENTRE, subject=f"接收单位已确认承接{change.station.name}", link=change.get_absolute_url())
    return change


@transaction.atomic
def check_unit(
    *, change_id: uuid.UUID, condition: UnitCondition, verdict: UnitVerdict, reason: str, by: User
) -> UnitCheck:
    """符合 or 不符合 of one condition of 第三条, by the centre while the file waits for 初审."""
    change = _at_screening(change_id, by)
    if verdict == UnitVerdict.UNMET and not reason.strip():
        raise Refused("判断为不符合的，请写明理由。", problems=(("请写明理由。", f"#id_{condition}_reason"),))
    row, _ = UnitCheck.objects.update_or_create(
        change=change,
        condition=condition,
        defaults={"verdict": verdict, "reason": reason.strip(), "by": by, "at": timezone.now()},
    )
    record(by=by, action="change.check_unit", obj=change, detail={"condition": condition, "verdict": verdict})
    return row


@transaction.atomic
def record_credit(*, change_id: uuid.UUID, result: UnitCredit, note: str, by: User) -> ChangeReport:
    """信用核查 of the new unit (R-09)."""
    change = _at_screening(change_id, by)
    if result != UnitCredit.NONE and not note.strip():
        raise Refused(
            "有不良记录或存疑的，请写明查询的平台和内容。", problems=(("请写明核查说明。", "#id_credit_note"),)
        )
    before = [change.credit_check, change.credit_note]
    change.credit_check, change.credit_note = result, note.strip()
    change.save(update_fields=["credit_check", "credit_note"])
    record(by=by, action="change.credit", obj=change, detail={"before": before, "after": [result, note.strip()]})
    return change


@transaction.atomic
def screen(
    *, change_id: uuid.UUID, recommendation: Recommendation | None, opinion: str, by: User, version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """初审: forwards the change to the bureau; 同意 needs the new unit's consent and every condition (R-09 … R-11)."""
    change = locked(change_id)
    assert change.review is not None
    if earlier := review_services.repeated(change.review, key):
        return earlier
    review_services.may_take(change.review, Action.SCREEN, by=by, version=version)
    if recommendation == Recommendation.AGREE:
        _refuse_while_open(change)
    event = review_services.transition(
        change.review,
        Action.SCREEN,
        by=by,
        opinion=Opinion(opinion, recommendation),
        version=version,
        key=key,
        detail={"checks": [[row.condition, row.verdict, row.reason] for row in change.checks.all()]},
    )
    send(
        to_role=Role.BUREAU,
        subject=f"{change.station.name}变更承建单位待审核",
        body=f"编号{change.number}，接收单位{change.new['unit']}。",
        link=change.get_absolute_url(),
    )
    return event


@transaction.atomic
def approve(
    *, change_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """审核通过: the bureau confirms in writing; the station becomes the new unit's on the effective day (R-23)."""
    change = locked(change_id)
    assert change.review is not None
    if earlier := review_services.repeated(change.review, key):
        return earlier
    review_services.may_take(change.review, Action.APPROVE, by=by, version=version)
    if change.station.state not in (StationState.ACTIVE, StationState.RECTIFYING):
        # A unit does not pass its station on while it may lose it: the bar would fall on nobody.
        raise Refused(f"工作站{change.station.get_state_display()}，现在不能变更承建单位。")
    _refuse_while_open(change)
    event = review_services.transition(
        change.review, Action.APPROVE, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    change.state, change.answer = ChangeState.FILED, opinion.strip()
    change.filed_by, change.filed_at = by, timezone.now()
    change.save()
    record(by=by, action="change.approve", obj=change)
    if change.effective_on <= today():
        carry_out(change, day=today(), by=by)
    return event


@transaction.atomic
def reject(
    *, change_id: uuid.UUID, opinion: str, by: User, version: int | None = None, key: uuid.UUID | None = None
) -> ReviewEvent:
    """不予变更 with its reason; the station stays with its unit."""
    change = locked(change_id)
    assert change.review is not None
    event = review_services.transition(
        change.review, Action.REJECT, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    change.state, change.answer = ChangeState.REFUSED, opinion.strip()
    change.save(update_fields=["state", "answer"])
    close_files(change, by=by)
    record(by=by, action="change.reject", obj=change)
    for unit in (change.operator, change.new_operator):
        assert unit is not None
        send(
            to_organisation=unit,
            subject=f"不予变更承建单位：{change.station.name}",
            body=f"编号{change.number}。{change.answer}",
            link=change.get_absolute_url(),
        )
    return event


@transaction.atomic
def return_to_centre(
    *, change_id: uuid.UUID, opinion: str, waiver: bool, by: User, version: int | None = None,
    key: uuid.UUID | None = None,
) -> ReviewEvent:  # fmt: skip
    """退回初审; `waiver` says that a credit finding does not stand in the way, for the reason given."""
    change = locked(change_id)
    assert change.review is not None
    event = review_services.transition(
        change.review, Action.SEND_BACK, by=by, opinion=Opinion(opinion), version=version, key=key
    )
    if waiver:
        change.credit_waiver = opinion.strip()[:200]
        change.save(update_fields=["credit_waiver"])
    return event


def _at_screening(change_id: uuid.UUID, by: User) -> ChangeReport:
    if by.role != Role.CENTRE:
        raise PermissionDenied
    change = locked(change_id)
    if change.review is None:
        raise Refused("只有变更承建单位才核查接收单位。")
    if change.review.state != State.SUBMITTED:
        raise Conflict(review_services.moved_on(change.review))
    return change


def _refuse_while_open(change: ChangeReport) -> None:
    found = standing_problems(change, day=today(), screening=True)
    if found:
        anchors = {row.condition: f"#check-{row.condition}" for row in found if row.condition}
        raise Refused(
            f"还有 {len(found)} 项不具备同意的条件。",
            problems=tuple((f"{row.clause}：{row.message}", anchors.get(row.condition, "")) for row in found),
        )
