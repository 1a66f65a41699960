"""仅供参考: what a year would score as the data stand, and the cheapest steps up from there. Pure.

Every step is found by trying: the fact of one line is changed and scored by the same functions as the official sheet.
Nothing here is written down as a rule of thumb but the effort of a step, by which equal gains are put in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from jinhua_labor.policy.scoring import CountFact, PartsFact, PeopleFact, line_score
from jinhua_labor.policy.types import Policy, Tier

from .facts import COMPUTED, GIVEN, PARTS, WHOLE, SheetFacts
from .score import PEOPLE, Settled, outcome, proposed, skill
from .words import ITEMS

EFFORT: Mapping[str, int] = {
    "A1": 4, "A2": 6, "A3": 1, "B1": 2, "B2": 1, "B3": 2, "C1": 1, "C2": 1, "C3": 6, PEOPLE: 3, "skill": 3, "C5": 1,
}  # fmt: skip
"""What a unit of a step takes, in no unit: a contract or an answer 1, a person delivered 3, an event 6. It orders
steps and decides nothing."""

LEVELS = 2
"""How many bands up a line is tried."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the line, in words, what it brings, and where the year would then stand."""

    code: str
    text: str
    gain: Decimal
    effort: int
    total: Decimal
    reward: Decimal
    reaches: bool  # a higher reward than now

    @property
    def rank(self) -> tuple[bool, Fraction, str]:
        return (not self.reaches, -Fraction(self.gain) / self.effort, self.code)


@dataclass(frozen=True, slots=True)
class Together:
    """The fewest efforts that reach the next tier together, where no single step does."""

    steps: tuple[Step, ...]
    total: Decimal
    reward: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """The year as the data stand: points by line, total, reward, next tier, steps up with the best first."""

    points: Mapping[str, Decimal]
    settled: Settled
    next_tier: Tier | None
    steps: tuple[Step, ...]
    together: Together | None


def points_as_they_stand(facts: SheetFacts, *, policy: Policy) -> dict[str, Decimal]:
    """Points of the thirteen lines: computed, judged ones as the file shows them, skilled workers by the suggested
    points, D1 as 0."""
    points = {code: _computed(code, facts, policy) for code in COMPUTED}
    for code, parts in proposed(facts, policy=policy).items():
        points[code] = line_score(code, PartsFact(parts), policy=policy).points
    points[GIVEN] = Decimal(0)
    return points


def _computed(code: str, facts: SheetFacts, policy: Policy) -> Decimal:
    """Points of one computed line, skilled workers by the suggested points."""
    if code != PEOPLE:
        return line_score(code, facts.fact(code), policy=policy).points
    extra = skill(facts, policy=policy)
    people = PeopleFact(facts.people.counted, 0)
    return line_score(PEOPLE, people, policy=policy).points + (extra.suggested if extra else 0)


def outlook(facts: SheetFacts, *, policy: Policy, ends_on: date, limit: int = 6) -> Outlook:
    """Where the year stands and what would raise it; no steps in a vetoed year, which no points save.

    `ends_on` is the last day of the year: afterwards nobody can be delivered and no event held any more.
    """
    points = points_as_they_stand(facts, policy=policy)
    settled = outcome(points, facts, policy=policy)
    if settled.veto:
        return Outlook(points, settled, None, (), None)
    above = [tier for tier in policy.tiers if tier.floor > settled.total]
    higher = min(above, key=lambda tier: tier.floor, default=None)
    found = list(_steps(facts, settled, policy, facts.as_of <= ends_on))
    steps = _best(one.step for one in found)
    together = None
    if higher is not None and not any(step.reaches for step in steps):
        together = _together(facts, found, higher, policy)
    return Outlook(points, settled, higher, tuple(steps[:limit]), together)


def _best(found: Iterable[Step]) -> list[Step]:
    """Of each line its next band, and the first one that reaches a higher reward where the next band does not."""
    kept: dict[tuple[str, bool], Step] = {}
    for step in sorted(found, key=lambda step: step.effort):
        if not any(one.code == step.code and (one.reaches or not step.reaches) for one in kept.values()):
            kept[step.code, step.reaches] = step
    return sorted(kept.values(), key=lambda step: step.rank)


def _together(facts: SheetFacts, found: Iterable[Tried], tier: Tier, policy: Policy) -> Together | None:
    """The most points for the effort first, then what turned out not to be needed is left out again."""
    chosen: list[Tried] = []
    for one in sorted(found, key=lambda one: one.step.rank[1:]):
        if _after(facts, chosen, policy).total >= tier.floor:
            break
        if one.step.code not in {other.step.code for other in chosen}:
            chosen.append(one)
    for one in sorted(chosen, key=lambda one: -one.step.effort):
        rest = [other for other in chosen if other is not one]
        if _after(facts, rest, policy).total >= tier.floor:
            chosen = rest
    reached = _after(facts, chosen, policy)
    if reached.total < tier.floor:
        return None
    return Together(tuple(one.step for one in chosen), reached.total, reached.reward)


def _after(facts: SheetFacts, chosen: Iterable[Tried], policy: Policy) -> Settled:
    for one in chosen:
        facts = one.change(facts)
    return outcome(points_as_they_stand(facts, policy=policy), facts, policy=policy)


# --- What could be done for each line -------------------------------------------------------------------------------

Change = Callable[[SheetFacts], SheetFacts]
Countable = Callable[..., SheetFacts]  # (facts, n)
Trial = tuple[str, str, int, Change]
"""(line, words, effort, what it makes of the facts)."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A step with what it makes of the facts."""

    step: Step
    change: Change


def _steps(facts: SheetFacts, settled: Settled, policy: Policy, running: bool) -> Iterator[Tried]:
    for code, text, effort, change in _trials(facts, policy, running):
        then = change(facts)
        found = outcome(points_as_they_stand(then, policy=policy), then, policy=policy)
        gain = found.total - settled.total
        if gain > 0:
            reaches = found.reward > settled.reward
            yield Tried(Step(code, text, gain, max(effort, 1), found.total, found.reward, reaches), change)


def _trials(facts: SheetFacts, policy: Policy, running: bool) -> Iterator[Trial]:
    yield from _papers(facts)
    if not facts.liaison.present:
        yield "A3", "确定 1 名专人并报备", EFFORT["A3"], _with_liaison
    yield from _levels("B2", facts, policy, facts.of_contracts.missing, _with_contracts, "补登 {n} 人的劳动合同")
    yield from _ledger(facts)
    for code, whom in (("C1", "务工人员"), ("C2", "用工企业")):
        yield from _levels(code, facts, policy, 200, _with_answers(code), f"再得 {{n}} 份{whom}的满意答卷")
    if running:
        yield from _levels("C3", facts, policy, 20, _with_events, "再办 {n} 场经确认的劳务对接活动")
        yield from _levels(PEOPLE, facts, policy, 2000, _with_people, "再输送 {n} 人（计入）")
    yield from _levels(
        PEOPLE,
        facts,
        policy,
        max(facts.people.counted - facts.people.skilled, 0),
        _with_skilled,
        "再核实 {n} 名技术技能人才的证书",
        effort="skill",
    )
    yield from _retention(facts, policy)


def _papers(facts: SheetFacts) -> Iterator[Trial]:
    for code, name in zip(WHOLE, ("system", "offices", "plan"), strict=True):
        parts: PartsFact = getattr(facts, name)
        lacking = [part for part, there in zip(PARTS[code], parts.parts, strict=True) if not there]
        if code == "B1" and facts.of_file.plan_due_on is not None and facts.as_of > facts.of_file.plan_due_on:
            continue  # a plan filed now would be late
        if lacking:
            whole = PartsFact((True,) * len(parts.parts))
            text = f"补齐{'、'.join(lacking)}"
            yield code, text, EFFORT[code] * len(lacking), partial(_with_parts, name=name, whole=whole)


def _ledger(facts: SheetFacts) -> Iterator[Trial]:
    missing = facts.of_ledger.missing
    for n in range(1, len(missing) + 1):
        named = "、".join(ITEMS.get(code, code) for code in missing[:n])
        yield "B3", f"补齐台账 {n} 项：{named}", EFFORT["B3"] * n, partial(_with_items, n=n)


def _retention(facts: SheetFacts, policy: Policy) -> Iterator[Trial]:
    """Workers of M who can still turn out to be kept; where they are too few, those whose six months end by the end of
    the year, all of whom come into M then."""
    told = facts.of_retention
    here = told.open + told.uninsured
    now = list(_levels("C5", facts, policy, here, _with_retained, "再留用 {n} 人"))
    yield from now
    if len(now) < LEVELS and told.maturing:
        wider = _widened(facts)
        text = f"再留用 {{n}} 人（年内还有 {told.maturing} 人满6个月）"
        base = line_score("C5", facts.retention, policy=policy).points
        for code, said, effort, change in _levels("C5", wider, policy, here + told.maturing, _with_retained, text):
            if line_score("C5", change(wider).retention, policy=policy).points > base:
                yield code, said, effort, partial(_after_widening, change=change)


def _widened(facts: SheetFacts) -> SheetFacts:
    told = facts.of_retention
    return replace(
        facts,
        retention=replace(facts.retention, matured=facts.retention.matured + told.maturing),
        of_retention=replace(told, open=told.open + told.maturing, maturing=0),
    )


def _after_widening(facts: SheetFacts, *, change: Change) -> SheetFacts:
    return change(_widened(facts))


def _with(facts: SheetFacts, **fields: Any) -> SheetFacts:
    return replace(facts, **fields)


def _with_parts(facts: SheetFacts, *, name: str, whole: PartsFact) -> SheetFacts:
    return _with(facts, **{name: whole})


def _with_liaison(facts: SheetFacts) -> SheetFacts:
    return replace(facts, liaison=replace(facts.liaison, present=True))


def _with_items(facts: SheetFacts, n: int) -> SheetFacts:
    return replace(
        facts,
        ledger=replace(facts.ledger, cases=facts.ledger.cases - n),
        of_ledger=replace(facts.of_ledger, missing=facts.of_ledger.missing[n:]),
    )


def _with_contracts(facts: SheetFacts, n: int) -> SheetFacts:
    told = facts.of_contracts
    return replace(
        facts,
        contracts=replace(facts.contracts, cases=facts.contracts.cases - n),
        of_contracts=replace(told, missing=told.missing - n),
    )


def _with_answers(code: str) -> Countable:
    name = {"C1": "workers", "C2": "employers"}[code]

    def then(facts: SheetFacts, n: int) -> SheetFacts:
        fact = facts.workers if code == "C1" else facts.employers
        return _with(facts, **{name: replace(fact, satisfied=fact.satisfied + n, valid=fact.valid + n)})

    return then


def _with_events(facts: SheetFacts, n: int) -> SheetFacts:
    return replace(facts, activities=CountFact(facts.activities.count + n))


def _with_people(facts: SheetFacts, n: int) -> SheetFacts:
    counted = facts.people.counted + n
    return replace(
        facts,
        people=replace(facts.people, counted=counted),
        contracts=replace(facts.contracts, delivered=counted),
        ledger=replace(facts.ledger, delivered=counted),
    )


def _with_skilled(facts: SheetFacts, n: int) -> SheetFacts:
    return replace(facts, people=replace(facts.people, skilled=facts.people.skilled + n))


def _with_retained(facts: SheetFacts, n: int) -> SheetFacts:
    return replace(facts, retention=replace(facts.retention, retained=facts.retention.retained + n))


def _levels(
    code: str,
    facts: SheetFacts,
    policy: Policy,
    most: int,
    then: Countable,
    text: str,
    *,
    effort: str = "",
) -> Iterator[Trial]:
    """The fewest units that bring the line to its next scores, up to `most` of them: found by halving, because each
    line is monotone in its own fact."""

    def score(n: int) -> Decimal:
        return _computed(code, then(facts, n), policy)

    done, reached = 0, score(0)
    for _ in range(LEVELS):
        if most <= done or score(most) <= reached:
            return
        low, high = done, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if score(middle) > reached else (middle, high)
        done, reached = high, score(high)
        yield code, text.format(n=done), EFFORT[effort or code] * done, partial(then, n=done)
