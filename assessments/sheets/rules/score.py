"""What the facts of a year give: the nine computed lines, proposals for the judged ones, veto, outcome. Pure.

The points themselves are `policy.scoring.line_score`, here and on the live meter alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from assessments.sheets.enums import Outcome, Stage
from jinhua_labor.policy import scoring
from jinhua_labor.policy.scoring import GivenFact, LineScore, PartsFact, PeopleFact, ScoreError, line_score
from jinhua_labor.policy.switches import Result, VetoMode, ZeroDeliveryGuard
from jinhua_labor.policy.types import Policy

from .facts import COMPUTED, GIVEN, WHOLE, SheetFacts

PEOPLE = "C4"


def computed(facts: SheetFacts, *, policy: Policy) -> dict[str, LineScore]:
    """Points and flags of the nine computed lines; C4 without what skilled workers bring (`skill` says that)."""
    found = {code: line_score(code, facts.fact(code), policy=policy) for code in COMPUTED if code != PEOPLE}
    found[PEOPLE] = line_score(PEOPLE, PeopleFact(facts.people.counted, 0), policy=policy)
    return {code: found[code] for code in COMPUTED}


def proposed(facts: SheetFacts, *, policy: Policy) -> dict[str, tuple[bool, ...]]:
    """The parts of A1, A2 and B1 as the file shows them, in the order of `PARTS`: what the assessor starts from."""
    return {code: _parts(facts, code) for code in WHOLE if policy.indicator(code)}


@dataclass(frozen=True, slots=True)
class Skill:
    """The points for 技术技能人才: from `low` to `high` in whole steps, `suggested` by their number (R-61, G-23)."""

    low: int
    high: int
    suggested: int

    @property
    def choices(self) -> range:
        return range(self.low, self.high + 1)


def skill(facts: SheetFacts, *, policy: Policy) -> Skill | None:
    """What may be given for skilled workers; None below 10 of them, when nothing may."""
    people = facts.people
    if people.skilled < policy.tech_min_count:
        return None
    with_them = line_score(PEOPLE, replace(people, skill_points=None), policy=policy).points
    without = line_score(PEOPLE, PeopleFact(people.counted, 0), policy=policy).points
    return Skill(policy.tech_score_min, policy.tech_score_max, int(with_them - without))


def expected(
    code: str,
    facts: SheetFacts,
    *,
    policy: Policy,
    parts: Sequence[bool] = (),
    skill_points: int | None = None,
) -> Decimal | None:
    """Points of a line as facts and judgement give them: computed, with `skill_points` for C4, by `parts` for A1, A2
    and B1. None for D1. What is given otherwise is an override and needs reason and evidence (R-29).

    ScoreError when the points for skilled workers are out of range or `parts` are not as many as the line asks for.
    """
    if code == GIVEN:
        return None
    if code in WHOLE:
        if len(parts) != len(_parts(facts, code)):
            raise ScoreError(f"{policy.indicator(code).name}请逐项判断")
        return line_score(code, PartsFact(tuple(parts)), policy=policy).points
    if code == PEOPLE:
        not_yet = skill_points is None and facts.people.skilled >= policy.tech_min_count
        people = PeopleFact(facts.people.counted, 0 if not_yet else facts.people.skilled, skill_points)
        return line_score(PEOPLE, people, policy=policy).points
    return line_score(code, facts.fact(code), policy=policy).points


def innovation(points: Decimal, *, reason: str, has_evidence: bool, policy: Policy) -> Decimal:
    """D1: the points when they may be given; ScoreError above 10, or above 0 without reason and evidence (R-63)."""
    return line_score(GIVEN, GivenFact(points, reason, has_evidence), policy=policy).points


# --- 一票否决 (R-64) --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VetoReading:
    """One way to read the clause: what it says of this year, and whether it is the one in force."""

    mode: VetoMode
    text: str
    vetoed: bool
    in_force: bool


_READINGS = {
    VetoMode.ANY_ACCIDENT: "负有责任的安全责任事故1起以上，或经核实的投诉{n}次以上",
    VetoMode.TOGETHER: "事故与投诉合计{n}次以上（事故每起也扣分）",
    VetoMode.SEPARATELY: "事故、投诉分别{n}次以上",
}


def veto(facts: SheetFacts, *, policy: Policy) -> str:
    """Why the year is vetoed, in words; empty when it is not."""
    if not scoring.veto(facts.safety, policy=policy):
        return ""
    safety, said = facts.safety, []
    if safety.accidents:
        said.append(f"发生负有责任的安全责任事故{safety.accidents}起")
    if safety.verified:
        said.append(f"经核实的投诉{safety.verified}次")
    if not policy.veto_complaints_verified_only and safety.received > safety.verified:
        said.append(f"收到的投诉{safety.received}次")
    return f"{'、'.join(said)}，一票否决"


def veto_readings(facts: SheetFacts, *, policy: Policy) -> tuple[VetoReading, ...]:
    """The three readings side by side, the one in force marked (G-05)."""
    at = next(line.veto_at for line in policy.indicators if line.veto_at)
    return tuple(
        VetoReading(
            mode,
            _READINGS[mode].format(n=at),
            scoring.veto(facts.safety, policy=replace(policy, veto_mode=mode)),
            mode is policy.veto_mode,
        )
        for mode in VetoMode
    )


# --- The year as a whole ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Settled:
    """总分, 一票否决, 结果 and the reward they would bring in 元; `warning` is what the bureau has to see (G-24)."""

    total: Decimal
    veto: str
    outcome: Outcome
    reward: Decimal
    warning: str = ""

    @property
    def passed(self) -> bool:
        return self.outcome == Outcome.PASSED


def outcome(points: Mapping[str, Decimal], facts: SheetFacts, *, policy: Policy) -> Settled:
    """The year settled from the points of all lines; ScoreError names lines that are missing or unknown."""
    total = scoring.total(points, policy=policy)
    reason = veto(facts, policy=policy)
    found = scoring.result(total, bool(reason), policy=policy, delivered=facts.people.counted)
    passed = found is Result.PASSED
    return Settled(
        total=total,
        veto=reason,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        reward=scoring.reward(total, passed, policy=policy),
        warning=zero_delivery(facts, passed=passed, policy=policy),
    )


def zero_delivery(facts: SheetFacts, *, passed: bool, policy: Policy) -> str:
    """What the bureau is told of a year without one counted worker; empty for any other (G-24)."""
    if facts.people.counted:
        return ""
    if policy.zero_delivery_guard is ZeroDeliveryGuard.FAIL:
        return "本年度没有一名计入的输送人员。按已记录的口径，评估为不合格。"
    if policy.zero_delivery_guard is ZeroDeliveryGuard.NOT_APPLICABLE:
        return "本年度没有一名计入的输送人员。按已记录的口径，签订合同、建立台账两项不适用，计0分。"
    if passed:
        return "本年度没有一名计入的输送人员，按条文计分仍为合格并产生奖励。"
    return "本年度没有一名计入的输送人员。按条文计分，签订合同等项不因此扣分。"


_ASKS = {
    Stage.CONFIRMING: "请先研究再确认；另作解释的，由局记录口径。",
    Stage.CONFIRMED: "结果已经确认；公示期内认为须重新评分的，按异议办理；另作解释的，由局记录口径，自以后的年度适用。",
    Stage.FINAL: "结果已经确定；另作解释的，由局记录口径，自以后的年度适用。",
}


def zero_delivery_at(found: Settled | None, stage: str, *, policy: Policy) -> str:
    """The warning of such a year with what is to be done now, by how far it has come; a reading has decided where there
    is one, and a sheet that is not complete tells nothing yet (G-24)."""
    if found is None or not found.warning:
        return ""
    if not found.passed or policy.zero_delivery_guard is not ZeroDeliveryGuard.WARN:
        return found.warning
    return found.warning + _ASKS.get(Stage(stage), "报送确认时写明，供区人社局研究。")


def _parts(facts: SheetFacts, code: str) -> tuple[bool, ...]:
    fact = facts.fact(code)
    assert isinstance(fact, PartsFact)
    return fact.parts
