"""When a station exists and who is barred from asking for one (第一、五、八条; R-01, R-19, R-35): pure functions."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import ONE_DAY, add_months
from jinhua_labor.policy.scoring import bar_until, is_barred
from jinhua_labor.policy.switches import BanAnchor, EstablishedAnchor
from jinhua_labor.policy.types import Policy, Settings

from .enums import StationState


class Standing(StrEnum):
    """How far 设立 has come."""

    NONE = "未设立"
    AWAITS_DOCUMENT = "待发文"
    AWAITS_PLAQUE = "待挂牌"
    COMPLETE = "已挂牌"


@dataclass(frozen=True, slots=True)
class EstablishmentFacts:
    """What 第一条 and 第五条 ask before a station exists; dates None while the step is open."""

    area_province: str
    filed_on: date | None = None
    approved_on: date | None = None
    document_on: date | None = None
    plaque_on: date | None = None


@dataclass(frozen=True, slots=True)
class Establishment:
    """Whether the station exists, since when, and what is still missing in the clerk's words."""

    standing: Standing
    established_on: date | None
    problem: str = ""

    @property
    def exists(self) -> bool:
        """True from the establishing document on; a missing plaque delays no right."""
        return self.established_on is not None


def establishment(facts: EstablishmentFacts, *, policy: Policy) -> Establishment:
    """The standing of 设立: cooperation with an area outside the province, 备案, 审核, 发文, then 挂牌 (R-01)."""
    if not facts.area_province or facts.area_province == policy.home_province:
        return Establishment(Standing.NONE, None, "劳务协作地区须为省外。")
    if facts.filed_on is None:
        return Establishment(Standing.NONE, None, "区就业服务中心尚未备案。")
    if facts.approved_on is None:
        return Establishment(Standing.NONE, None, "区人社局尚未审核。")
    if facts.document_on is None:
        return Establishment(Standing.AWAITS_DOCUMENT, None, "审核已通过，设立文件尚未印发。")
    by_plaque = policy.established_anchor is EstablishedAnchor.PLAQUE
    if facts.plaque_on is None:
        return Establishment(Standing.AWAITS_PLAQUE, None if by_plaque else facts.document_on, "尚未挂牌。")
    return Establishment(Standing.COMPLETE, facts.plaque_on if by_plaque else facts.document_on)


@dataclass(frozen=True, slots=True)
class Revocation:
    """Dates of a 取消资格 decision of an operator; the grounds make no difference to the bar."""

    decided_on: date
    published_on: date | None = None
    delivered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """2年内不得重新申报: through `until`, open from `opens_on`."""

    until: date

    @property
    def opens_on(self) -> date:
        """The first day on which the operator may submit again."""
        return self.until + ONE_DAY

    @property
    def message(self) -> str:
        """What a barred operator is told."""
        until, opens = date_cn(self.until), date_cn(self.opens_on)
        return f"贵单位被取消劳务协作工作站资格未满2年，{until}（含）前不得重新申报，{opens}起可以提交。"


def bar_of(revocation: Revocation, *, policy: Policy) -> Bar:
    """The bar that follows a revocation, whatever its ground (第八条). Where the bureau reads another day than the
    decision's as the start and that day is not known yet, the decision's holds."""
    anchor = revocation.decided_on
    if policy.ban_anchor is BanAnchor.PUBLICATION_DATE:
        anchor = revocation.published_on or anchor
    elif policy.ban_anchor is BanAnchor.DELIVERY_DATE:
        anchor = revocation.delivered_on or anchor
    return Bar(bar_until(anchor, policy=policy))


def bar_in_force(bars: tuple[Bar, ...], on: date) -> Bar | None:
    """The bar that reaches furthest among those holding on `on`; None when the operator may submit."""
    holding = [bar for bar in bars if is_barred(bar.until, on)]
    return max(holding, key=lambda bar: bar.until, default=None)


def state_on(state: StationState, term_to: date, on: date) -> StationState:
    """The state on a day when only 经营期限 acts: EXPIRED from the day after `term_to`, without any bar (R-19)."""
    running = state in (StationState.ACTIVE, StationState.RECTIFYING)
    return StationState.EXPIRED if running and on > term_to else state


def may_renew(term_to: date, on: date, *, settings: Settings) -> bool:
    """Whether a renewal may be asked for: from 60 days before the end until 12 months after it."""
    return (term_to - on).days <= settings.renewal_window_days and on <= add_months(
        term_to, settings.renewal_grace_months
    )
