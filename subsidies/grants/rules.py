"""第五章 as pure functions: what a station is owed, what keeps it from being paid, what is left after other benefits
and corrections (R-33, R-43 … R-48)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.figures import plain
from jinhua_labor.core.money import yuan
from jinhua_labor.policy.scoring import reward
from jinhua_labor.policy.switches import SetupOncePer, ZeroDeliveryGuard
from jinhua_labor.policy.types import Policy, Settings, Tier

from .enums import AdjustmentCause, CancelCause, GrantKind, Stage

NOTHING = Decimal(0)


# --- what is owed (R-43 … R-45) ---------------------------------------------------------------------------------------


class Wait(StrEnum):
    """待局决定: computed and shown, but it does not pass 审核 before the bureau has decided (R-43, R-48)."""

    EXPIRY = "依据日期在试行期届满之后，须有明确延期的文件"
    AGAIN = "原承建单位在原地区或被取消资格之后重新设立，须由区人社局决定"


@dataclass(frozen=True, slots=True)
class Holding:
    """The version a trigger's day selects, and whether its money waits for a document (R-48)."""

    policy: Policy
    money_waits: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision to revoke that stands: its 成文日期, and whether 第八条（四） is among its grounds."""

    on: date
    fraud: bool


@dataclass(frozen=True, slots=True)
class StationFact:
    """A station on the day it was established. `same_area`, `same_unit`: its unit had an earlier station there, or
    anywhere; `after_ban`: an earlier one of the unit was revoked."""

    established_on: date
    operator: UUID
    same_area: bool = False
    same_unit: bool = False
    after_ban: bool = False
    decided: Decided | None = None


@dataclass(frozen=True, slots=True)
class ResultFact:
    """A FINAL year by the sheet in force; `operator` is the unit of the period's last day (R-23)."""

    number: int
    ends_on: date
    final_on: date
    total: Decimal
    passed: bool
    operator: UUID
    source: UUID
    vetoed: bool = False
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class TitleFact:
    """A recognition (认定); 复核 makes none."""

    recognised_on: date
    operator: UUID
    source: UUID


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What 第十二条 gives for one trigger: to whom, how much, after which clause, and how it was reckoned."""

    kind: GrantKind
    period_no: int | None
    payee: UUID
    trigger_on: date
    final_on: date
    base: Decimal
    clause: str
    arithmetic: str
    policy_version: str
    source: UUID | None = None
    waits: tuple[Wait, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, int | None]:
        return (self.kind, self.period_no)


def setup(station: StationFact, holding: Holding | None) -> Entitlement | None:
    """建站补贴 (第十二条（一）, R-43): once for a station established under the version; None where there is none.

    The unit's second station in another area is 新设立; in the same area, or after a bar, the bureau decides.
    """
    if holding is None or station.established_on < holding.policy.effective_from:
        return None
    policy = holding.policy
    if policy.setup_once_per is SetupOncePer.OPERATOR and station.same_unit:
        return None
    waits = _expiry(holding)
    if station.same_area or station.after_ban:
        waits += (Wait.AGAIN,)
    return Entitlement(
        kind=GrantKind.SETUP,
        period_no=None,
        payee=station.operator,
        trigger_on=station.established_on,
        final_on=station.established_on,
        base=policy.setup_amount,
        clause="第十二条（一）",
        arithmetic=f"{date_cn(station.established_on)}设立，一次性建站补贴{yuan(policy.setup_amount)}",
        policy_version=policy.id,
        waits=waits,
    )


def yearly(result: ResultFact, holding: Holding) -> Entitlement | None:
    """年度绩效奖励 (第十二条（二）, R-44) of one FINAL year; None when 不合格."""
    policy = holding.policy
    base = reward(result.total, result.passed, policy=policy)
    if base <= NOTHING:
        return None
    index, tier = _tier(policy, result.total)
    warnings: tuple[str, ...] = ()
    if result.counted == 0 and policy.zero_delivery_guard is ZeroDeliveryGuard.WARN:
        warnings = ("全年没有一名计入人员，仍达到合格分数，请区人社局留意",)
    return Entitlement(
        kind=GrantKind.YEARLY,
        period_no=result.number,
        payee=result.operator,
        trigger_on=result.ends_on,
        final_on=result.final_on,
        base=base,
        clause=f"第十二条（二）{index + 1}",
        arithmetic=f"第{result.number}年度评估{plain(result.total)}分，{_band(policy, index, tier)} → {yuan(base)}",
        policy_version=policy.id,
        source=result.source,
        waits=_expiry(holding),
        warnings=warnings,
    )


def excellent(title: TitleFact, holding: Holding) -> Entitlement:
    """优秀站点奖励 (第十二条（三）, R-45): once for a station, whatever becomes of the title."""
    amount = holding.policy.excellent_amount
    return Entitlement(
        kind=GrantKind.EXCELLENT,
        period_no=None,
        payee=title.operator,
        trigger_on=title.recognised_on,
        final_on=title.recognised_on,
        base=amount,
        clause="第十二条（三）",
        arithmetic=f"{date_cn(title.recognised_on)}认定为区级优秀站点，一次性奖励{yuan(amount)}",
        policy_version=holding.policy.id,
        source=title.source,
        waits=_expiry(holding),
    )


def first_title(titles: Iterable[TitleFact]) -> TitleFact | None:
    """The recognition that brings the money: the first ever; lost and won again brings no second (R-45)."""
    return min(titles, key=lambda title: title.recognised_on, default=None)


def survives(entitled: Entitlement, decided: Decided | None) -> bool:
    """Whether the claim is left after a decision to revoke: none for 第八条（四）, else what was final before the day
    of the decision (R-33)."""
    return decided is None or (not decided.fraud and entitled.final_on < decided.on)


def _expiry(holding: Holding) -> tuple[Wait, ...]:
    return (Wait.EXPIRY,) if holding.money_waits else ()


def _tier(policy: Policy, total: Decimal) -> tuple[int, Tier]:
    reached = [(index, tier) for index, tier in enumerate(policy.tiers) if total >= tier.floor]
    return reached[-1]


def _band(policy: Policy, index: int, tier: Tier) -> str:
    above = policy.tiers[index + 1].floor if index + 1 < len(policy.tiers) else None
    return f"{tier.floor}分以上（含）" + (f"{above}分以下" if above else "")


# --- 就高不重复 (R-47) ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amounts:
    other: Decimal
    payable: Decimal


def amounts(base: Decimal, same_matter: Iterable[Decimal]) -> Amounts:
    """What is left after what the unit had for the same matter; never below zero."""
    other = sum(same_matter, NOTHING)
    return Amounts(other, max(NOTHING, base - other))


def same_matter_problem(issued_on: date, *, policy: Policy) -> str:
    """Why a benefit cannot be the same matter: 第十四条 speaks of 此前 policies only; empty when it may be."""
    if issued_on >= policy.issued:
        since = date_cn(policy.issued)
        return f"第十四条只涉及此前的政策，该政策发文于{date_cn(issued_on)}，不早于{since}，不能认定为同一事项。"
    return ""


# --- what keeps it (R-33, R-43, R-46, R-48) ---------------------------------------------------------------------------


class Hold(StrEnum):
    """暂停, read and never stored."""

    REVOKING = "工作站正在取消资格程序中，暂停办理"
    REOPENED = "评估结果正在更正，暂停办理"
    GONE = "工作站资格已取消，这项补贴不再拨付"
    CHANGED = "评估结果更正后金额有变，须重新核定"


@dataclass(frozen=True, slots=True)
class Standing:
    """A grant as the world stands: open procedures other than the unit's own wish, its trigger, what it would be."""

    revoking: bool = False
    reopened: bool = False
    survives: bool = True
    changed: bool = False
    waits: tuple[Wait, ...] = ()
    decided_pay: bool | None = None

    @property
    def holds(self) -> tuple[Hold, ...]:
        every = (
            (Hold.GONE, not self.survives),
            (Hold.REVOKING, self.revoking),
            (Hold.REOPENED, self.reopened),
            (Hold.CHANGED, self.changed and not self.reopened),
        )
        return tuple(hold for hold, holds in every if holds)

    @property
    def undecided(self) -> tuple[Wait, ...]:
        """What still waits for the bureau: an extension clears EXPIRY by itself, AGAIN needs a decision with a file."""
        return tuple(wait for wait in self.waits if not (wait is Wait.AGAIN and self.decided_pay is not None))

    @property
    def problems(self) -> tuple[str, ...]:
        """Why no step towards the money may be taken now, in words; empty when one may."""
        return tuple(hold.value for hold in self.holds) + tuple(f"待局决定：{wait.value}" for wait in self.undecided)


# --- the journey after 审核 (R-46) ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """One step of 按规定程序审批: its number from 1, who takes it, what it is called."""

    number: int
    role: str
    label: str


def approval_steps(settings: Settings) -> tuple[ApprovalStep, ...]:
    """The steps as configured (`grant_approval_steps`), in order."""
    found = []
    for number, text in enumerate(settings.grant_approval_steps, start=1):
        role, _, label = text.partition(" ")
        found.append(ApprovalStep(number, role, label.strip() or "审批"))
    return tuple(found)


def next_step(steps: Sequence[ApprovalStep], taken: Collection[int]) -> ApprovalStep | None:
    """The first step nobody has taken; None when all are."""
    return next((step for step in steps if step.number not in taken), None)


# --- deriving (R-46: pull, not push) ----------------------------------------------------------------------------------


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
