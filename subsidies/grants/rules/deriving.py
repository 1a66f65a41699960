"""What deriving does to a grant as it stands: drafted, brought up to date, decided again, lowered, cancelled (R-46)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from subsidies.grants.enums import AdjustmentCause, CancelCause, Stage

from .owed import NOTHING, Entitlement


@dataclass(frozen=True, slots=True)
class GrantFact:
    """A grant as it stands when it is compared with what is owed now."""

    stage: Stage
    base: Decimal
    other: Decimal
    outstanding: Decimal  # paid and not returned
    source: UUID | None = None
    cancel_cause: str = ""


class Act(StrEnum):
    NOTHING = "无变化"
    CREATE = "生成补贴"
    REFRESH = "按更正后的结果更新"
    ROUND = "重新核定"
    LOWER = "按更正后的结果核减"
    CANCEL = "取消补贴"


@dataclass(frozen=True, slots=True)
class Plan:
    """What deriving does to one grant; `recover` is what has to come back."""

    act: Act
    cause: AdjustmentCause | CancelCause | None = None
    recover: Decimal = NOTHING


_STILL = Plan(Act.NOTHING)
_OPEN = (Stage.DRAFT, Stage.SUBMITTED)
_CANCELLABLE = (*_OPEN, Stage.SCREENED, Stage.REVIEWED, Stage.APPROVED)
_SETTLED = (Stage.PAID, Stage.CANCELLED, Stage.ZERO)


def plan(
    entitled: Entitlement | None, grant: GrantFact | None, *, survives: bool = True, reopened: bool = False
) -> Plan:
    """What deriving does: `entitled` is what the trigger gives now (None: nothing), `survives` says whether a decision
    to revoke leaves it, `reopened` that the result is being corrected. Applied and asked again it gives NOTHING.
    """
    if grant is None:
        return Plan(Act.CREATE) if entitled is not None and survives and not reopened else _STILL
    if not survives:
        return Plan(Act.CANCEL, CancelCause.REVOCATION) if grant.stage in _CANCELLABLE else _STILL
    if reopened or grant.cancel_cause == CancelCause.BUREAU:
        return _STILL
    return _settled(entitled, grant) if grant.stage in _SETTLED else _running(entitled, grant)


def _settled(entitled: Entitlement | None, grant: GrantFact) -> Plan:
    """Paid, cancelled or set off: a larger claim begins a new round, a smaller one lowers the standard."""
    base = entitled.base if entitled else NOTHING
    payable = max(NOTHING, base - grant.other)
    if payable > grant.outstanding:
        reversal = grant.cancel_cause == CancelCause.REVOCATION or base == grant.base
        return Plan(Act.ROUND, AdjustmentCause.REVERSAL if reversal else AdjustmentCause.CORRECTION)
    if base != grant.base:
        return Plan(Act.LOWER, AdjustmentCause.CORRECTION, grant.outstanding - payable)
    return Plan(Act.REFRESH) if entitled is not None and entitled.source != grant.source else _STILL


def _running(entitled: Entitlement | None, grant: GrantFact) -> Plan:
    """On its way: what was not decided yet takes the new amount, what was is decided again. What a person is looking at
    (SCREENED) or holds in a batch (BATCHED) is held until it comes back."""
    base = entitled.base if entitled else NOTHING
    payable = max(NOTHING, base - grant.other)
    if entitled is not None and base == grant.base:
        return Plan(Act.REFRESH) if entitled.source != grant.source else _STILL
    if entitled is None or NOTHING < grant.outstanding >= payable:
        left = grant.outstanding - payable
        return Plan(Act.CANCEL, CancelCause.CORRECTION, left) if grant.stage in _CANCELLABLE else _STILL
    if grant.stage in _OPEN:
        return Plan(Act.REFRESH)
    if grant.stage in {Stage.REVIEWED, Stage.APPROVED}:
        return Plan(Act.ROUND, AdjustmentCause.CORRECTION)
    return _STILL
