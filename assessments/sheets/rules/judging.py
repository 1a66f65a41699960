"""What a person of the centre may give for a line of 附件3, and what he has to say for it (R-29, R-50 … R-63)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from jinhua_labor.policy.scoring import GivenFact, PartsFact, ScoreError, check_points, line_score
from jinhua_labor.policy.switches import LineFunction
from jinhua_labor.policy.types import Policy

from .facts import GIVEN, PARTS, WHOLE, SheetFacts
from .score import PEOPLE, computed, proposed, skill

SUGGESTED_STEPS = ("没有创新做法", "本地实践", "区级推广或表扬", "市级以上推广或表扬")
"""What the suggested steps of D1 stand for (G-26), from none upwards."""


def is_judged(code: str) -> bool:
    """Whether a person gives the line (制度、办公、计划、创新); the others are computed."""
    return code in WHOLE or code == GIVEN


def system_points(code: str, facts: SheetFacts, *, policy: Policy) -> Decimal | None:
    """系统分: what the facts give, for C4 with the points suggested for its skilled workers; None for a judged line."""
    if is_judged(code):
        return None
    points = computed(facts, policy=policy)[code].points
    choice = skill(facts, policy=policy) if code == PEOPLE else None
    return points + choice.suggested if choice else points


def needs_person(code: str, facts: SheetFacts, *, policy: Policy) -> bool:
    """Whether a person has to look at the line before it counts as given: the judged ones, and C4 with skilled
    workers enough that their points are chosen."""
    return system_points(code, facts, policy=policy) is None or (
        code == PEOPLE and skill(facts, policy=policy) is not None
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What a person enters for one line; None and empty where the line does not ask for it."""

    points: Decimal | None = None
    parts: tuple[bool, ...] = ()
    skill_points: int | None = None
    reason: str = ""
    has_evidence: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """Points of the line as they are kept, or what is to be mended first: (field, what is wrong)."""

    points: Decimal = Decimal(0)
    parts: tuple[bool, ...] = ()
    skill_points: int | None = None
    problems: tuple[tuple[str, str], ...] = field(default=())


def decide(code: str, given: Given, facts: SheetFacts, *, policy: Policy) -> Decided:
    """What this entry gives for line `code`; with `problems` it gives nothing yet. KeyError for an unknown line."""
    function = policy.indicator(code).function
    if function is LineFunction.ALL_OR_NOTHING:
        return _parts(code, given, facts, policy)
    if function is LineFunction.DISCRETION:
        return _discretion(code, given, policy)
    if function is LineFunction.PEOPLE:
        return _people(code, given, facts, policy)
    return _computed(code, given, facts, policy)


def _parts(code: str, given: Given, facts: SheetFacts, policy: Policy) -> Decided:
    if len(given.parts) != len(PARTS[code]):
        return Decided(problems=(("parts", "请对每一分项作出判断。"),))
    if not given.reason.strip():
        if not all(given.parts):
            return Decided(problems=(("reason", "有分项不具备的，请写明理由。"),))
        if given.parts != proposed(facts, policy=policy)[code]:
            return Decided(problems=(("reason", "与站点档案显示的情况不同的，请写明理由。"),))
    return Decided(line_score(code, PartsFact(given.parts), policy=policy).points, given.parts)


def _discretion(code: str, given: Given, policy: Policy) -> Decided:
    points = given.points
    if points is None:
        return Decided(problems=(("points", "请填写得分。"),))
    if found := _outside(code, points, policy):
        return Decided(problems=(found,))
    problems = _reasons(given, "给分") if points else ()
    if not problems:
        line_score(code, GivenFact(points, given.reason, given.has_evidence), policy=policy)
    return Decided(points, problems=problems)


def _people(code: str, given: Given, facts: SheetFacts, policy: Policy) -> Decided:
    """输送人数: what the number of people gives, and the points for the skilled within their range."""
    by_number = computed(facts, policy=policy)[code].points
    base = by_number if given.points is None else given.points
    highest = max(band.score for band in policy.indicator(code).bands)
    choice, chosen = skill(facts, policy=policy), given.skill_points
    problems: dict[str, str] = {}
    if found := _outside(code, base, policy):
        problems[found[0]] = found[1]
    elif base > highest:
        problems["points"] = f"按人数的得分不能超过{highest}分。"
    elif base != by_number:
        problems.update(_reasons(given, "与系统分不同"))
    if choice is None:
        if chosen:
            problems["skill_points"] = f"技术技能人才不足{policy.tech_min_count}人，不得加分。"
    elif chosen is None:
        problems["skill_points"] = "请选择技术技能人才的得分。"
    elif chosen not in choice.choices:
        problems["skill_points"] = f"技术技能人才加分应在{choice.low}至{choice.high}分之间。"
    elif chosen != choice.suggested and not given.reason.strip():
        problems["reason"] = "与参考分不同的，请写明理由。"
    return Decided(base + (chosen or 0), skill_points=chosen or None, problems=tuple(problems.items()))


def _computed(code: str, given: Given, facts: SheetFacts, policy: Policy) -> Decided:
    by_system = system_points(code, facts, policy=policy)
    assert by_system is not None
    points = by_system if given.points is None else given.points
    if found := _outside(code, points, policy):
        return Decided(problems=(found,))
    problems = _reasons(given, "与系统分不同") if points != by_system else ()
    return Decided(points, problems=problems)


def _outside(code: str, points: Decimal, policy: Policy) -> tuple[str, str] | None:
    try:
        check_points(code, points, policy=policy)
    except ScoreError as error:
        return ("points", f"{error}。")
    return None


def _reasons(given: Given, when: str) -> tuple[tuple[str, str], ...]:
    """An override, and any points for 创新, need words and a paper (R-29, R-63)."""
    problems = []
    if not given.reason.strip():
        problems.append(("reason", f"{when}的，请写明理由。"))
    if not given.has_evidence:
        problems.append(("files", f"{when}的，请附佐证材料。"))
    return tuple(problems)


@dataclass(frozen=True, slots=True)
class Standing:
    """A line as it stands before the facts are gathered anew."""

    given: Decimal | None
    skill_points: int | None = None
    reason: str = ""
    by_person: bool = False


def carried(code: str, line: Standing, before: SheetFacts | None, now: SheetFacts, *, policy: Policy) -> Standing:
    """The line when the facts have moved from `before` to `now`: what a person gave otherwise stays as he gave it, a
    computed line follows the facts, C4 keeps the points chosen for the skilled while they may still be given."""
    by_system = system_points(code, now, policy=policy)
    if by_system is None:
        return line
    if code != PEOPLE:
        if line.by_person and line.given is not None and line.reason.strip():
            return line
        return Standing(by_system)
    choice = skill(now, policy=policy)
    chosen = line.skill_points if choice and line.skill_points in choice.choices else None
    by_number = computed(now, policy=policy)[code].points
    if before is not None and line.given is not None and line.reason.strip():
        override = line.given - (line.skill_points or 0)
        if override != computed(before, policy=policy)[code].points:
            by_number = override
    if choice is None:
        kept = line.by_person and bool(line.reason.strip())
        return Standing(by_number, None, line.reason if kept else "", kept)
    if chosen is None or (chosen != choice.suggested and not line.reason.strip()):
        return Standing(None)
    return Standing(by_number + chosen, chosen, line.reason, by_person=True)
