"""What 第十二条 gives a station for what was established, assessed and recognised (R-33, R-43 … R-45)."""

from __future__ import annotations

from collections.abc import Iterable
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
from jinhua_labor.policy.types import Policy, Tier
from subsidies.grants.enums import GrantKind

NOTHING = Decimal(0)


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
