"""取消资格 (第八条; R-32 … R-34): what a proposal needs, when the defence is over, what follows. Pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from jinhua_labor.policy.types import Settings
from stations.oversight.enums import GraveLimb, Ground
from stations.registry.enums import StationState
from stations.registry.rules import state_on

if TYPE_CHECKING:  # the calendar comes as an argument; its module also knows the bureau's table
    from jinhua_labor.core.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Problem:
    """What is missing, and the field that mends it."""

    message: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is put forward; `evidence` counts the files, `by_unit` says that the unit itself asks."""

    grounds: Collection[Ground]
    facts: str = "事实"
    evidence: int = 1
    by_unit: bool = False
    grave: GraveLimb | None = None
    finding: str = ""
    verified: bool = False


def proposal_problems(proposal: Proposal) -> tuple[Problem, ...]:
    """Why a proposal is refused (R-32): at least one ground, facts and evidence, （一） only by the unit, （五） only
    what was verified or found."""
    found = []
    grounds = set(proposal.grounds)
    if not grounds:
        found.append(Problem("请至少选择第八条的一种情形。", "grounds"))
    if Ground.G1 in grounds and not proposal.by_unit:
        found.append(Problem("主动申请取消资格由承建单位自己提出。", "grounds"))
    if proposal.by_unit and grounds != {Ground.G1}:
        found.append(Problem("承建单位只能主动申请取消资格。", "grounds"))
    if not proposal.facts.strip():
        found.append(Problem("请写明事实和理由。", "facts"))
    if not proposal.evidence:
        words = "请上传签字盖章的取消资格申请书。" if grounds == {Ground.G1} else "请上传证据。"
        found.append(Problem(words, "evidence"))
    if Ground.G5 in grounds:
        if proposal.grave is None:
            found.append(Problem("请选择（五）的哪一种情形。", "grave"))
        if not proposal.finding.strip():
            found.append(Problem("请写明投诉编号、核实文书或事故认定文书。", "finding"))
        if not proposal.verified:
            words = "投诉尚未核实" if proposal.grave is GraveLimb.COMPLAINT else "事故尚未认定"
            found.append(Problem(f"{words}，不能以（五）为由提出取消。", "verified"))
    return tuple(found)


def needs_hearing(grounds: Collection[str]) -> bool:
    """Whether the unit is told and heard before the decision: always but on its own wish (R-33)."""
    return set(grounds) != {Ground.G1}


def defence_ends(notified_on: date, *, settings: Settings, calendar: WorkCalendar) -> date:
    """The last day of 陈述申辩, included."""
    return calendar.add_workdays(notified_on, settings.defence_workdays)


def may_close_hearing(*, stated: bool, until: date, on: date) -> bool:
    """The centre answers once the unit has spoken, or its time is over (逾期未陈述)."""
    return stated or on > until


class Unpaid(StrEnum):
    """What becomes of grants that are not paid yet."""

    CANCELLED = "取消"
    IF_FINAL = "决定前评估已确定的照付"


@dataclass(frozen=True, slots=True)
class Effects:
    """What a decision on these grounds brings; the heavier ground counts (R-32, R-33)."""

    unpaid: Unpaid
    recovery: bool  # a paid grant the decision names is recovered


def effects(grounds: Collection[str]) -> Effects:
    false_claims = Ground.G4 in set(grounds)
    return Effects(Unpaid.CANCELLED if false_claims else Unpaid.IF_FINAL, recovery=false_claims)


def holds_grants(grounds: Collection[str]) -> bool:
    """Whether an open procedure holds grants: all but the unit's own wish."""
    return needs_hearing(grounds)


# --- R-34 -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearResult:
    """The result of one 年度; `failed` counts once it is FINAL, by points or by veto alike."""

    number: int
    final: bool
    failed: bool = False
    vetoed: bool = False


class Run(StrEnum):
    NONE = "没有连续不合格"
    PROPOSAL = "连续两个年度评估不合格"
    BROKEN = "两个不合格之间有年度没有确定结果"


@dataclass(frozen=True, slots=True)
class FailRun:
    """The latest run, with the numbers of its years."""

    run: Run
    years: tuple[int, ...] = ()


def consecutive_fails(results: Iterable[YearResult], *, count: int) -> FailRun:
    """连续两个年度评估不合格 (第八条（三）): `count` years in a row FINAL and failed (`consecutive_fail`).

    A year without FINAL result breaks the sequence; fails around it are worth an alert, nothing more.
    """
    by_year = {row.number: row.failed or row.vetoed for row in results if row.final}
    runs: list[tuple[int, ...]] = []
    around: list[tuple[int, ...]] = []
    years = sorted(by_year)
    for start in range(len(years) - count + 1):
        window = tuple(years[start : start + count])
        if all(by_year[number] for number in window):
            unbroken = window[-1] - window[0] == count - 1
            (runs if unbroken else around).append(window)
    if runs:
        return FailRun(Run.PROPOSAL, runs[-1])
    return FailRun(Run.BROKEN, around[-1]) if around else FailRun(Run.NONE)


def restored(former: StationState, *, all_put_right: bool, term_to: date, on: date) -> StationState:
    """The state a station comes back to: its former one as things stand today (problems put right, term over)."""
    state = StationState.ACTIVE if former is StationState.RECTIFYING and all_put_right else former
    return state_on(state, term_to, on)
