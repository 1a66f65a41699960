"""变更报备 (第六条（三）; R-23) and what a new 承建单位 must satisfy (R-09 … R-11): pure functions over facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from jinhua_labor.core.dates import date_cn
from jinhua_labor.policy.periods import Period
from jinhua_labor.policy.scoring import is_barred
from jinhua_labor.policy.types import Policy, Settings
from stations.oversight.enums import (
    HANDED_OVER,
    PERSON_CHANGES,
    UNIT_CLAUSES,
    ChangeKind,
    UnitCondition,
    UnitCredit,
    UnitVerdict,
)

if TYPE_CHECKING:  # the calendar comes as an argument; its module also knows the bureau's table
    from jinhua_labor.core.workdays import WorkCalendar


# --- on time ----------------------------------------------------------------------------------------------------------


def on_time(submitted_on: date | None, effective_on: date, *, policy: Policy, calendar: WorkCalendar) -> bool:
    """事先报备: reported before the effective day, or within the working days of grace after it where the bureau reads
    附件3 “及时” so (G-10). Never reported is never on time."""
    if submitted_on is None:
        return False
    grace = policy.liaison_grace_workdays
    return submitted_on < effective_on or (grace > 0 and submitted_on <= calendar.add_workdays(effective_on, grace))


@dataclass(frozen=True, slots=True)
class ChangeFact:
    """A change that happened, as far as 附件3 A3 asks: withdrawn and refused ones are none."""

    kind: ChangeKind
    effective_on: date
    on_time: bool


def violations(changes: Iterable[ChangeFact], period: Period) -> int:
    """未落实 n of 附件3 A3: changes of a person (专人, 机构负责人) effective in the period and not reported before.

    A late change of 承建单位 costs no points but opens a finding.
    """
    return sum(fact.kind in PERSON_CHANGES and not fact.on_time and fact.effective_on in period for fact in changes)


def opens_finding(kind: ChangeKind, *, reported_in_time: bool) -> bool:
    """Whether the centre is to follow the change up as a problem found (R-20) instead of by points."""
    return kind == ChangeKind.OPERATOR and not reported_in_time


def handover_due_on(kind: ChangeKind, effective_on: date, *, settings: Settings, calendar: WorkCalendar) -> date | None:
    """Last day for the handover list both sign; None where nothing is handed over."""
    return calendar.add_workdays(effective_on, settings.handover_workdays) if kind in HANDED_OVER else None


# --- a new 承建单位 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What is known of the unit that is to take a station over. `licence_to` None is 长期; `credit` and `verdicts` are
    the centre's, empty until 初审; `agreement_to` None where the agreement names no end."""

    active: bool
    credit_code_valid: bool
    has_licence: bool
    licence_from: date | None = None
    licence_to: date | None = None
    barred_until: date | None = None
    has_station_in_area: bool = False
    accepted: bool = False
    has_agreement: bool = True
    agreement_from: date | None = None
    agreement_to: date | None = None
    credit: UnitCredit | None = None
    credit_waiver: str = ""
    verdicts: Mapping[UnitCondition, UnitVerdict] | None = None


@dataclass(frozen=True, slots=True)
class UnitProblem:
    """What stands in the way, the clause it comes from, and the condition it belongs to (None: before any)."""

    message: str
    clause: str
    condition: UnitCondition | None = None


def unit_problems(facts: UnitFacts, *, on: date, screening: bool = False) -> tuple[UnitProblem, ...]:
    """What keeps a unit from taking the station over on that day; the 50 delivered persons are inherited (R-23).

    `screening` also asks for what only people settle: its own consent, credit, the three judgements.
    """
    clause = UNIT_CLAUSES[UnitCondition.GENERAL]
    general, places, order = UnitCondition.GENERAL, UnitCondition.PLACES, UnitCondition.ORDER
    found = []
    if not facts.active:
        found.append(UnitProblem("接收单位尚未通过注册确认或已停用。", clause, general))
    if not facts.credit_code_valid:
        found.append(UnitProblem("接收单位的统一社会信用代码校验不符。", clause, general))
    if not facts.has_licence:
        message = "接收单位没有登记《人力资源服务许可证》；仅办理备案的不符合条件。"
        found.append(UnitProblem(message, clause, general))
    elif facts.licence_from is not None and facts.licence_from > on:
        found.append(UnitProblem("接收单位的《人力资源服务许可证》尚未生效。", clause, general))
    elif facts.licence_to is not None and facts.licence_to < on:
        message = f"接收单位的《人力资源服务许可证》已于{date_cn(facts.licence_to)}到期。"
        found.append(UnitProblem(message, clause, general))
    if facts.barred_until is not None and is_barred(facts.barred_until, on):
        message = f"接收单位被取消资格未满2年，{date_cn(facts.barred_until)}（含）前不得承办工作站。"
        found.append(UnitProblem(message, "第八条"))
    if facts.has_station_in_area:
        found.append(UnitProblem("接收单位在此协作地区已有工作站。", "第四条"))
    found += _agreement(facts, on, order)
    if screening:
        found += _screening(facts, clause)
        verdicts = facts.verdicts or {}
        for condition in (general, places, order):
            verdict = verdicts.get(condition)
            if verdict is None:
                found.append(
                    UnitProblem(f"请判断接收单位是否符合{condition.label}。", UNIT_CLAUSES[condition], condition)
                )
            elif verdict == UnitVerdict.UNMET:
                found.append(UnitProblem(f"{condition.label}判断为不符合。", UNIT_CLAUSES[condition], condition))
    return tuple(found)


def _agreement(facts: UnitFacts, on: date, condition: UnitCondition) -> list[UnitProblem]:
    clause = UNIT_CLAUSES[condition]
    if not facts.has_agreement:
        return [UnitProblem("缺少接收单位与劳务输出地区的劳务协作协议。", clause, condition)]
    if facts.agreement_from is not None and facts.agreement_from > on:
        return [UnitProblem("接收单位的劳务协作协议尚未生效。", clause, condition)]
    if facts.agreement_to is not None and facts.agreement_to < on:
        message = f"接收单位的劳务协作协议已于{date_cn(facts.agreement_to)}到期。"
        return [UnitProblem(message, clause, condition)]
    return []


def _screening(facts: UnitFacts, clause: str) -> list[UnitProblem]:
    found = []
    if not facts.accepted:
        found.append(UnitProblem("接收单位尚未在平台确认承接。", "第六条（三）"))
    if facts.credit is None:
        found.append(UnitProblem("请登记接收单位的信用核查结果。", clause, UnitCondition.GENERAL))
    elif facts.credit == UnitCredit.FOUND and not facts.credit_waiver.strip():
        message = "信用核查有不良记录，未经局写明理由不能通过。"
        found.append(UnitProblem(message, clause, UnitCondition.GENERAL))
    return found


@dataclass(frozen=True, slots=True)
class Move:
    """A change of 承建单位 that was carried out: from this day the station is the new unit's."""

    on: date
    old: str
    new: str


def unit_on(current: str, moves: Iterable[Move], day: date) -> str:
    """Whose the station was on the day, the latest unit being `current`: money goes to the unit on the period's last
    day (R-23)."""
    for move in sorted(moves, key=lambda move: move.on):
        if day < move.on:
            return move.old
    return current
