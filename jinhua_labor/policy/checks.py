"""What must hold in every version of the notice, whether read from a file or recorded over one."""

import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from jinhua_labor.policy.switches import LineFunction, RetirementTrack
from jinhua_labor.policy.types import Band, Fault, Indicator, Policy, PolicyError, Settings

TOTAL_WEIGHT = 100  # 附件3 “总分 100”
FULL_RATIO = 100  # a ratio ends at 100 %
_BANDED = {LineFunction.SATISFACTION, LineFunction.COUNT, LineFunction.PEOPLE, LineFunction.RATIO}
_PERCENT = {LineFunction.SATISFACTION, LineFunction.RATIO}
_DEDUCTING = {LineFunction.PRESENCE, LineFunction.SAFETY, LineFunction.DEDUCTION}
_SUGGESTING = {LineFunction.PEOPLE, LineFunction.DISCRETION}
_SPACE = re.compile(r"\s+")
_POINTS = {"pass_score", "excellent_min_score", "excellent_tech_ratio", "excellent_retention", "survey_min_percent"}
_AT_LEAST_ONE = {
    *("min_si_months", "age_min", "min_delivered", "liaison_count", "retention_months", "tech_min_count"),
    *("consecutive_fail", "ban_months", "excellent_interval_years", "reverify_years", "supervision_min_inspectors"),
    *("min50_lookback_months", "publicity_workdays_assessment", "publicity_workdays_excellent"),
}
_LONGEST = {"_workdays": 250, "_days": 3650, "_months": 1200, "_years": 100}
"""Spans no office means: beyond them a day cannot be reckoned or a slip of the pen is near."""
_LARGEST = 1_000_000
_LARGEST_AMOUNT = 100_000_000
_NOT_EMPTY = ("si_types_any", "si_places", "forms_counted", "ledger_items_scored")
_CODE = {"home_province": r"\d{2}", "si_places": r"\d{6}"}
_SKILL_LEVELS = (1, 5)  # 一级（高级技师） to 五级（初级工）
_YEARS = (2000, 2200)


def check(policy: Policy) -> None:
    """PolicyError in Chinese on the first thing that cannot be right; None otherwise."""
    for fault in faults(policy):
        raise PolicyError(fault.message, where=fault.where)


def faults(policy: Policy) -> Iterator[Fault]:
    """Everything that cannot be right in a version, in the order of the notice."""
    yield from _indicators(policy)
    yield from _tiers(policy)
    yield from _document(policy)
    yield from _numbers(policy, "pv")
    yield from _numbers(policy.settings, "settings")
    yield from _lists(policy)
    if policy.effective_from > policy.effective_to:
        yield Fault("pv.effective_to", "施行起始日晚于截止日")


def _indicators(policy: Policy) -> Iterator[Fault]:
    codes = [indicator.code for indicator in policy.indicators]
    if len(set(codes)) != len(codes):
        yield Fault("indicators", "附件3指标代码重复")
    total = sum(indicator.weight for indicator in policy.indicators)
    if total != TOTAL_WEIGHT:
        yield Fault("indicators", f"附件3权重合计为{total}，应为{TOTAL_WEIGHT}")
    for indicator in policy.indicators:
        for message in _indicator(indicator, policy):
            yield Fault(f"indicators.{indicator.code}", message)


def _indicator(indicator: Indicator, policy: Policy) -> Iterator[str]:
    where = f"指标{indicator.code}（{indicator.name}）"
    function = indicator.function
    if indicator.weight < 1:
        yield f"{where}的权重应大于0"
    if (function in _BANDED) != bool(indicator.bands):
        yield f"{where}的分档与计分方式不符"
    if (function in _DEDUCTING) != (indicator.deduct > 0):
        yield f"{where}的扣分与计分方式不符"
    if (function is LineFunction.SAFETY) != (indicator.veto_at > 0):
        yield f"{where}的一票否决次数与计分方式不符"
    if indicator.suggestion and function not in _SUGGESTING:
        yield f"{where}不设参考分"
    if indicator.bands:
        yield from _consecutive(indicator.bands, where, first=0, last=FULL_RATIO if function in _PERCENT else None)
        yield from _best(indicator, policy, where)
    if function is LineFunction.PEOPLE:
        yield from _consecutive(indicator.suggestion, f"{where}参考分", first=policy.tech_min_count, last=None)
        if not 0 <= policy.tech_score_min <= policy.tech_score_max:
            yield f"{where}的技术技能加分上下限颠倒"
    elif indicator.suggestion:
        yield from _consecutive(indicator.suggestion, f"{where}参考分", first=0, last=None)
    low, high = _suggested(indicator, policy)
    if any(not low <= band.score <= high for band in indicator.suggestion):
        yield f"{where}的参考分应在{low}至{high}分之间"


def _suggested(indicator: Indicator, policy: Policy) -> tuple[int, int]:
    """Between which points a suggestion lies: C4 within what skilled workers may add, D1 within its weight."""
    if indicator.function is LineFunction.PEOPLE:
        return policy.tech_score_min, policy.tech_score_max
    return 0, indicator.weight


def _best(indicator: Indicator, policy: Policy, where: str) -> Iterator[str]:
    scores = [band.score for band in indicator.bands]
    best = max(scores)
    if indicator.function is LineFunction.PEOPLE:
        best += policy.tech_score_max
    if best != indicator.weight:
        yield f"{where}的最高分{best}与权重{indicator.weight}不符"
    if scores[0] < 0 or scores != sorted(scores):
        yield f"{where}的分档得分应随数值递增，且不低于0分"


def _consecutive(bands: tuple[Band, ...], where: str, *, first: int, last: int | None) -> Iterator[str]:
    """Every value from `first` to `last` lies in exactly one band."""
    if not bands or bands[0].low != first or not bands[0].low_inclusive:
        yield f"{where}的分档没有从{first}开始，留有空档"
        if not bands:
            return
    for band in bands:
        if band.high is not None and (
            band.low > band.high or (band.low == band.high and not (band.low_inclusive and band.high_inclusive))
        ):
            yield f"{where}有一档的下限不小于上限"
    for lower, upper in pairwise(bands):
        if lower.high is None or lower.high > upper.low:
            yield f"{where}的分档在{upper.low}处重叠"
        elif lower.high < upper.low:
            yield f"{where}的分档在{lower.high}与{upper.low}之间留有空档"
        elif lower.high_inclusive and upper.low_inclusive:
            yield f"{where}的分档在{upper.low}处重叠"
        elif not lower.high_inclusive and not upper.low_inclusive:
            yield f"{where}的分档在{upper.low}处留有空档"
    end = bands[-1]
    if end.high != last or (last is not None and not end.high_inclusive):
        yield f"{where}的分档没有到{'上不封顶' if last is None else last}为止，留有空档"


def _tiers(policy: Policy) -> Iterator[Fault]:
    if not policy.tiers:
        yield Fault("tiers", "没有奖励档次")
        return
    for lower, upper in pairwise(policy.tiers):
        if upper.floor <= lower.floor or upper.amount <= lower.amount:
            yield Fault("tiers", f"奖励档次没有递增：{lower.floor}分之后是{upper.floor}分")
    if policy.tiers[0].floor != policy.pass_score:
        first = policy.tiers[0].floor
        yield Fault("tiers", f"奖励从{first}分起，合格线为{policy.pass_score}分，两者不一致")
    if policy.tiers[0].amount <= 0 or policy.tiers[-1].amount > _LARGEST_AMOUNT:
        yield Fault("tiers", f"奖励金额应大于0，不大于{_LARGEST_AMOUNT}元")
    if policy.tiers[-1].floor > TOTAL_WEIGHT:
        yield Fault("tiers", f"奖励档次超过总分{TOTAL_WEIGHT}分")


def _document(policy: Policy) -> Iterator[Fault]:
    document = policy.document
    numbers = [article.number for article in document.articles]
    if numbers != list(range(1, len(numbers) + 1)):
        yield Fault("articles", "条文序号不连续")
    chapters = [article.chapter for article in document.articles]
    if set(chapters) != {chapter.number for chapter in document.chapters} or chapters != sorted(chapters):
        yield Fault("articles", "条文与章不对应")
    if [material.number for material in policy.materials] != list(range(1, len(policy.materials) + 1)):
        yield Fault("materials", "材料序号不连续")
    whole = plain(full_text(policy))
    for reading in policy.readings.values():
        if plain(reading.quote) not in whole:
            yield Fault(f"pv.{reading.name}", f"引用的文字不在文件中：“{reading.quote}”")
    for material in policy.materials:
        if plain(material.text) not in whole:
            yield Fault(f"materials.{material.number}", f"材料{material.number}的文字不在文件中")
        if material.copies < 1:
            yield Fault(f"materials.{material.number}", f"材料{material.number}的份数应不少于1份")


def _numbers(values: Policy | Settings, section: str) -> Iterator[Fault]:
    """Whole numbers within what can be meant; dates and texts are left alone."""
    for name in (field.name for field in fields(values)):
        value = getattr(values, name)
        if type(value) is int and (message := _number(name, value)):
            yield Fault(f"{section}.{name}", message)
    if isinstance(values, Policy):
        for name in ("setup_amount", "excellent_amount"):
            if not 0 <= getattr(values, name) <= _LARGEST_AMOUNT:
                yield Fault(f"pv.{name}", f"金额应在0至{_LARGEST_AMOUNT}元之间")
        if not 0 < values.score_step <= values.pass_score:
            yield Fault("pv.score_step", "给分的最小单位应大于0")


def _number(name: str, value: int) -> str:
    if name in _AT_LEAST_ONE and value < 1:
        return "应不小于1"
    if value < 0:
        return "不能小于0"
    if name in _POINTS and value > TOTAL_WEIGHT:
        return f"不能大于{TOTAL_WEIGHT}"
    if name == "tech_min_skill_level" and not _SKILL_LEVELS[0] <= value <= _SKILL_LEVELS[1]:
        return f"应为{_SKILL_LEVELS[0]}至{_SKILL_LEVELS[1]}级"
    if name == "excellent_first_year" and not _YEARS[0] <= value <= _YEARS[1]:
        return f"应为{_YEARS[0]}至{_YEARS[1]}年"
    if value > _LARGEST:
        return f"不能大于{_LARGEST}"
    for part, most in _LONGEST.items():
        if part in f"{name}_" and value > most:
            return f"不能大于{most}"
    return ""


def _lists(policy: Policy) -> Iterator[Fault]:
    for name in _NOT_EMPTY:
        held = getattr(policy, name)
        if not held or len(set(held)) != len(held) or not all(held):
            yield Fault(f"pv.{name}", "至少列一项，不得重复或为空")
    for name, pattern in _CODE.items():
        held = getattr(policy, name)
        if not all(re.fullmatch(pattern, code) for code in ([held] if isinstance(held, str) else held)):
            yield Fault(f"pv.{name}", "代码的位数不对，应全部为数字")
    if policy.female_track_default is RetirementTrack.M60:
        yield Fault("pv.female_track_default", "女职工的退休年龄按工人岗或管理、技术岗")


def plain(text: str) -> str:
    """`text` without white space, for comparing what layout has spread."""
    return _SPACE.sub("", text)


def full_text(policy: Policy) -> str:
    """The notice as issued, from its number to the last cell of 附件3, one paragraph a line."""
    document = policy.document
    issued = f"{policy.issued.year}年{policy.issued.month}月{policy.issued.day}日"
    lines = [policy.doc_no, document.title, document.addressee, document.opening, document.issuer, issued]
    lines += [f"{document.printer}  {issued}印发", document.regulation, document.preamble]
    for chapter in document.chapters:
        lines.append(chapter.heading)
        lines += [f"{row.label}  {row.text}" for row in document.articles if row.chapter == chapter.number]
    lines += [f"{number}.{title}" for number, title in enumerate(document.annex_list, start=1)]
    for annex in document.annexes:
        lines += [f"附件{annex.number}", annex.title, *annex.head, *annex.cells, annex.note]
    for line in policy.indicators:
        lines += [line.category, line.name, line.criterion, str(line.weight)]
    return "\n".join(line for line in lines if line)
