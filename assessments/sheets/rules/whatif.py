"""试算: a finished year scored again under another version of the notice, from its snapshot. Pure; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from assessments.sheets.enums import Outcome
from jinhua_labor.policy.scoring import ZERO, RatioFact
from jinhua_labor.policy.types import Policy

from .facts import COMPUTED, GIVEN, WHOLE, SheetFacts
from .score import PEOPLE, Settled, expected, outcome, skill
from .snapshot import Line, Rebuilt, rebuild

_KNOWN = {*COMPUTED, *WHOLE, GIVEN}
"""Lines the portal has facts or judgements for."""


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line whose points differ under the draft."""

    code: str
    name: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Trial:
    """A year before and after: points, outcome and reward, the lines that move, and what could not be computed."""

    before: Settled
    after: Settled
    lines: tuple[LineChange, ...]
    remarks: tuple[str, ...] = ()

    @property
    def more(self) -> Decimal:
        """元 the draft would bring more (negative: less)."""
        return self.after.reward - self.before.reward

    @property
    def moves(self) -> bool:
        """Whether anything a station would notice differs: the points, the outcome or the money."""
        was, now = self.before, self.after
        return (was.total, was.outcome, was.reward) != (now.total, now.outcome, now.reward)


def tried(said: Mapping[str, Any], draft: Policy, *, facts: SheetFacts | None = None) -> Trial:
    """The year of the snapshot under `draft`: its lines, bands, tiers and thresholds are computed anew from the facts
    that were frozen, or from `facts` where a changed definition of 第一条 was counted again.

    What a person gave otherwise than computed stays as given, within the new weight; points for skilled workers stay
    within the new range; a line the draft adds has no facts yet and is counted as 0, said in a remark.
    """
    was = rebuild(said)
    given = {line.code: line for line in was.lines}
    points: dict[str, Decimal] = {}
    remarks: list[str] = []
    now = facts or _read_anew(was, draft, remarks)
    for indicator in draft.indicators:
        line = given.get(indicator.code)
        if line is None or indicator.code not in _KNOWN:
            points[indicator.code] = ZERO
            remarks.append(f"新增指标“{indicator.name}”没有数据，按0分计")
            continue
        points[indicator.code] = min(_points(line, was, now, draft, remarks), Decimal(indicator.weight))
    after = outcome(points, now, policy=draft)
    moved = [
        LineChange(one.code, one.name, given[one.code].given, points[one.code])
        for one in draft.indicators
        if one.code in given and given[one.code].given != points[one.code]
    ]
    return Trial(was.settled, after, tuple(moved), tuple(remarks))


def _read_anew(was: Rebuilt, draft: Policy, remarks: list[str]) -> SheetFacts:
    """The frozen facts under another denominator of 留用率 or another list of 台账 items: the snapshot keeps both."""
    found = was.facts
    if draft.retention_cohort != was.policy.retention_cohort:
        kept = {one.name: one for one in found.of_retention.cohorts}
        if cohort := kept.get(str(draft.retention_cohort)):
            found = replace(found, retention=RatioFact(cohort.retained, cohort.matured))
        else:
            remarks.append("快照没有另一种留用率分母的人数，留用率按原来的人数")
    if set(draft.ledger_items_scored) != set(was.policy.ledger_items_scored):
        missing = sum(item in draft.ledger_items_scored for item in found.of_ledger.missing)
        found = replace(found, ledger=replace(found.ledger, cases=missing))
        if set(draft.ledger_items_scored) - set(was.policy.ledger_items_scored):
            remarks.append("快照没有新增台账目的核对结果，按不缺计")
    return found


def _points(line: Line, was: Rebuilt, facts: SheetFacts, draft: Policy, remarks: list[str]) -> Decimal:
    if line.code == GIVEN:
        return line.given
    by_rule = expected(line.code, was.facts, policy=was.policy, parts=line.parts, skill_points=line.skill_points)
    if line.given != by_rule:
        remarks.append(f"“{was.policy.indicator(line.code).name}”为人工改定，保留{line.given}分")
        return line.given
    points = expected(line.code, facts, policy=draft, parts=line.parts, skill_points=_skill_points(line, facts, draft))
    assert points is not None  # only D1 has none
    return points


def _skill_points(line: Line, facts: SheetFacts, draft: Policy) -> int | None:
    """The points given for skilled workers inside the draft's range; its suggestion where none were given before."""
    if line.code != PEOPLE:
        return None
    range_ = skill(facts, policy=draft)
    if range_ is None:
        return None
    given = range_.suggested if line.skill_points is None else line.skill_points
    return min(max(given, range_.low), range_.high)


@dataclass(frozen=True, slots=True)
class Sum:
    """All tried years together: how many pass, and the money, before and after."""

    years: int
    passed_before: int
    passed_after: int
    money_before: Decimal
    money_after: Decimal

    @property
    def more(self) -> Decimal:
        return self.money_after - self.money_before


def summed(trials: Mapping[Any, Trial]) -> Sum:
    """The trials added up, in 元."""
    found = list(trials.values())
    return Sum(
        years=len(found),
        passed_before=sum(one.before.outcome == Outcome.PASSED for one in found),
        passed_after=sum(one.after.outcome == Outcome.PASSED for one in found),
        money_before=sum((one.before.reward for one in found), ZERO),
        money_after=sum((one.after.reward for one in found), ZERO),
    )
