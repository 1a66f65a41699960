"""What reads only the notice: points of the thirteen lines of 附件3, the veto, result, reward, and the bar.

Facts are gathered by the rooms that own them. Ratios are compared as whole numbers; scores are `Decimal`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jinhua_labor.policy.periods import add_months
from jinhua_labor.policy.switches import LineFunction, Result, TitleLevel, VetoMode, ZeroDeliveryGuard
from jinhua_labor.policy.types import Band, Indicator, Policy

ZERO = Decimal(0)
NO_ANSWER = "没有有效答卷"
SMALL_SAMPLE = "样本不足"
NONE_MATURED = "没有满6个月的人员"
SUGGESTED = "技术技能人才按参考分"
NOT_APPLICABLE = "无计入人员，本项不适用"


class ScoreError(ValueError):
    """Points or facts a line of 附件3 cannot take; the message says why in Chinese."""


@dataclass(frozen=True, slots=True)
class PartsFact:
    """A1 (制度, 协议), A2 (金东区, 省外, 设施), B1 (计划): all of `parts` or nothing."""

    parts: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class LiaisonFact:
    """A3: whether there is 专人, and how many changes were reported late or never."""

    present: bool
    violations: int


@dataclass(frozen=True, slots=True)
class SafetyFact:
    """A4: responsible accidents, complaints 经核实, complaints received at all."""

    accidents: int
    verified: int
    received: int = 0


@dataclass(frozen=True, slots=True)
class CasesFact:
    """B2: workers without (timely) contract; B3: ledger items missing. `delivered` is N of the period if known."""

    cases: int
    delivered: int | None = None


@dataclass(frozen=True, slots=True)
class SurveyFact:
    """C1, C2: answers 满意 or 很满意 among the valid ones; `required` is the size the sample should have."""

    satisfied: int
    valid: int
    required: int = 0


@dataclass(frozen=True, slots=True)
class CountFact:
    """C3: activities held in the period."""

    count: int


@dataclass(frozen=True, slots=True)
class PeopleFact:
    """C4: distinct counted workers, 技术技能人才 among them, points given for these (None: not yet given)."""

    counted: int
    skilled: int
    skill_points: int | None = None


@dataclass(frozen=True, slots=True)
class RatioFact:
    """C5: 留用 among those whose six months are over."""

    retained: int
    matured: int


@dataclass(frozen=True, slots=True)
class GivenFact:
    """D1: points given by the assessor, with their reason and evidence."""

    points: Decimal
    reason: str = ""
    has_evidence: bool = False


Fact = PartsFact | LiaisonFact | SafetyFact | CasesFact | SurveyFact | CountFact | PeopleFact | RatioFact | GivenFact


@dataclass(frozen=True, slots=True)
class LineScore:
    """Points of a line, and what a reader of the sheet should be told about them."""

    points: Decimal
    flags: tuple[str, ...] = ()


def line_score(code: str, fact: Fact, *, policy: Policy) -> LineScore:
    """Points of line `code` (A1 … D1), 0 to its weight. KeyError for an unknown line, ScoreError when the fact does
    not belong to the line or the points in it are out of range (附件3)."""
    line = policy.indicator(code)
    match line.function, fact:
        case LineFunction.ALL_OR_NOTHING, PartsFact():
            return LineScore(_whole(line.weight if fact.parts and all(fact.parts) else 0))
        case LineFunction.PRESENCE, LiaisonFact():
            return LineScore(_less(line, fact.violations) if fact.present else ZERO)
        case LineFunction.SAFETY, SafetyFact():
            return LineScore(_safety(line, fact, policy))
        case LineFunction.DEDUCTION, CasesFact():
            if fact.delivered == 0 and policy.zero_delivery_guard is ZeroDeliveryGuard.NOT_APPLICABLE:
                return LineScore(ZERO, (NOT_APPLICABLE,))
            return LineScore(_less(line, fact.cases))
        case LineFunction.SATISFACTION, SurveyFact():
            return _satisfaction(line, fact, policy)
        case LineFunction.COUNT, CountFact():
            return LineScore(_banded(line.bands, fact.count))
        case LineFunction.PEOPLE, PeopleFact():
            return _people(line, fact, policy)
        case LineFunction.RATIO, RatioFact():
            if fact.matured == 0:
                return LineScore(ZERO, (NONE_MATURED,))
            return LineScore(_banded(line.bands, 100 * fact.retained, fact.matured))
        case LineFunction.DISCRETION, GivenFact():
            return LineScore(_given(line, fact, policy))
        case _:
            raise ScoreError(f"指标{code}（{line.name}）不能用 {type(fact).__name__} 计分")


def check_points(code: str, points: Decimal, *, policy: Policy) -> Decimal:
    """`points` when an assessor may give them for line `code`; ScoreError when outside 0…weight or between steps."""
    line = policy.indicator(code)
    if not ZERO <= points <= line.weight:
        raise ScoreError(f"{line.name}得分应在0至{line.weight}分之间")
    if points % policy.score_step:
        raise ScoreError(f"{line.name}得分应为{policy.score_step}分的整数倍")
    return points


def total(points: Mapping[str, Decimal], *, policy: Policy) -> Decimal:
    """总分: the sum of exactly the lines of 附件3, unrounded; ScoreError names lines missing or unknown."""
    expected = {line.code for line in policy.indicators}
    if points.keys() != expected:
        wrong = "、".join(sorted(points.keys() ^ expected))
        raise ScoreError(f"评估表各项不齐或有多余：{wrong}")
    return sum(points.values(), ZERO)


def veto(fact: SafetyFact, *, policy: Policy) -> bool:
    """一票否决: whether accidents and complaints of the period fail the year whatever its total (附件3 A4)."""
    limit = next(line.veto_at for line in policy.indicators if line.function is LineFunction.SAFETY)
    complaints = _complaints(fact, policy)
    match policy.veto_mode:
        case VetoMode.ANY_ACCIDENT:
            return fact.accidents > 0 or complaints >= limit
        case VetoMode.TOGETHER:
            return fact.accidents + complaints >= limit
        case VetoMode.SEPARATELY:
            return fact.accidents >= limit or complaints >= limit


def result(points: Decimal, vetoed: bool, *, policy: Policy, delivered: int | None = None) -> Result:
    """合格 from 60分（含）, 不合格 below, or when vetoed (第七条). `delivered` matters only where a recorded reading
    fails a year without one counted worker."""
    guarded = delivered == 0 and policy.zero_delivery_guard is ZeroDeliveryGuard.FAIL
    return Result.FAILED if vetoed or guarded or points < policy.pass_score else Result.PASSED


def reward(points: Decimal, passed: bool, *, policy: Policy) -> Decimal:
    """年度绩效奖励 in 元 for a final total; 0 when 不合格 (第十二条（二）)."""
    amount = ZERO
    if passed:
        for tier in policy.tiers:
            if points >= tier.floor:
                amount = tier.amount
    return amount


def bar_until(anchor: date, *, policy: Policy) -> date:
    """Last day on which a revoked operator may not apply again; the next day it may (第八条). No roll-over on
    holidays: that would lengthen a burden."""
    return add_months(anchor, policy.ban_months)


def is_barred(until: date | None, on: date) -> bool:
    """Whether `on` still lies within a bar that runs through `until`."""
    return until is not None and on <= until


@dataclass(frozen=True, slots=True)
class SkillFact:
    """A worker's 职称 or 职业技能等级 (5 初级工 … 1 高级技师), 学历, and whether the certificate was looked up."""

    level: int | None = None
    title: TitleLevel | None = None
    higher_education: bool = False
    verified: bool = False


def is_skilled(fact: SkillFact, *, policy: Policy) -> bool | None:
    """Whether the worker is 技术技能人才 (附件3 C4); None while a certificate that would do is not yet verified."""
    titles = list(TitleLevel)
    enough = (fact.level is not None and fact.level <= policy.tech_min_skill_level) or (
        fact.title is not None and titles.index(fact.title) >= titles.index(policy.tech_min_title)
    )
    if enough and fact.verified:
        return True
    if fact.higher_education and policy.tech_edu_counts:
        return True
    return None if enough else False


def _whole(points: int) -> Decimal:
    return Decimal(points)


def _less(line: Indicator, cases: int) -> Decimal:
    return _whole(max(0, line.weight - line.deduct * cases))


def _banded(bands: Iterable[Band], numerator: int, denominator: int = 1) -> Decimal:
    for band in bands:
        if band.holds(numerator, denominator):
            return _whole(band.score)
    raise ScoreError(f"{numerator}/{denominator} 不在任何分档之内")


def _complaints(fact: SafetyFact, policy: Policy) -> int:
    return fact.verified if policy.veto_complaints_verified_only else max(fact.verified, fact.received)


def _safety(line: Indicator, fact: SafetyFact, policy: Policy) -> Decimal:
    if policy.veto_mode is VetoMode.TOGETHER:  # the reading in which an accident is a case like any other
        return _less(line, fact.accidents + fact.verified)
    return ZERO if fact.accidents else _less(line, fact.verified)


def _satisfaction(line: Indicator, fact: SurveyFact, policy: Policy) -> LineScore:
    if fact.valid == 0:
        return LineScore(ZERO, (NO_ANSWER,))
    flags = (SMALL_SAMPLE,) if fact.valid < fact.required else ()
    numerator = 100 * fact.satisfied
    below, top = line.bands[-2:]
    if policy.satisfaction_upper_inclusive and numerator == top.low * fact.valid:
        return LineScore(_whole(below.score), flags)
    return LineScore(_banded(line.bands, numerator, fact.valid), flags)


def _people(line: Indicator, fact: PeopleFact, policy: Policy) -> LineScore:
    points = _banded(line.bands, fact.counted)
    given = fact.skill_points
    if fact.skilled < policy.tech_min_count:
        if given:
            raise ScoreError(f"技术技能人才不足{policy.tech_min_count}人，不得加分")
        return LineScore(points)
    if given is None:
        return LineScore(points + _banded(line.suggestion, fact.skilled), (SUGGESTED,))
    if not policy.tech_score_min <= given <= policy.tech_score_max:
        raise ScoreError(f"技术技能人才加分应在{policy.tech_score_min}至{policy.tech_score_max}分之间")
    return LineScore(points + given)


def _given(line: Indicator, fact: GivenFact, policy: Policy) -> Decimal:
    points = check_points(line.code, fact.points, policy=policy)
    if points and not (fact.reason.strip() and fact.has_evidence):
        raise ScoreError(f"{line.name}给分须写明理由并附佐证")
    return points
