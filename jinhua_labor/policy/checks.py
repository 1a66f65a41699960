"""What must hold in every version of the notice, whether read from a file or recorded over one."""

import re
from itertools import pairwise

from jinhua_labor.policy.switches import LineFunction
from jinhua_labor.policy.types import Band, Indicator, Policy, PolicyError

TOTAL_WEIGHT = 100  # 附件3 “总分 100”
FULL_RATIO = 100  # a ratio ends at 100 %
_BANDED = {LineFunction.SATISFACTION, LineFunction.COUNT, LineFunction.PEOPLE, LineFunction.RATIO}
_PERCENT = {LineFunction.SATISFACTION, LineFunction.RATIO}
_DEDUCTING = {LineFunction.PRESENCE, LineFunction.SAFETY, LineFunction.DEDUCTION}
_SPACE = re.compile(r"\s+")


def check(policy: Policy) -> None:
    """PolicyError in Chinese on the first thing that cannot be right; None otherwise."""
    _indicators(policy)
    _tiers(policy)
    _document(policy)
    if policy.effective_from > policy.effective_to:
        raise PolicyError("施行起始日晚于截止日")


def _indicators(policy: Policy) -> None:
    codes = [indicator.code for indicator in policy.indicators]
    if len(set(codes)) != len(codes):
        raise PolicyError("附件3指标代码重复")
    total = sum(indicator.weight for indicator in policy.indicators)
    if total != TOTAL_WEIGHT:
        raise PolicyError(f"附件3权重合计为{total}，应为{TOTAL_WEIGHT}")
    for indicator in policy.indicators:
        _indicator(indicator, policy)


def _indicator(indicator: Indicator, policy: Policy) -> None:
    where = f"指标{indicator.code}（{indicator.name}）"
    function = indicator.function
    if (function in _BANDED) != bool(indicator.bands):
        raise PolicyError(f"{where}的分档与计分方式不符")
    if (function in _DEDUCTING) != (indicator.deduct > 0):
        raise PolicyError(f"{where}的扣分与计分方式不符")
    if (function is LineFunction.SAFETY) != (indicator.veto_at > 0):
        raise PolicyError(f"{where}的一票否决次数与计分方式不符")
    if indicator.bands:
        _consecutive(indicator.bands, where, first=0, last=FULL_RATIO if function in _PERCENT else None)
        best = max(band.score for band in indicator.bands)
        if function is LineFunction.PEOPLE:
            best += policy.tech_score_max
        if best != indicator.weight:
            raise PolicyError(f"{where}的最高分{best}与权重{indicator.weight}不符")
    if function is LineFunction.PEOPLE:
        _consecutive(indicator.suggestion, f"{where}参考分", first=policy.tech_min_count, last=None)
        if not 0 <= policy.tech_score_min <= policy.tech_score_max:
            raise PolicyError(f"{where}的技术技能加分上下限颠倒")
    if any(not 0 <= band.score <= indicator.weight for band in indicator.suggestion):
        raise PolicyError(f"{where}的参考分超出权重")


def _consecutive(bands: tuple[Band, ...], where: str, *, first: int, last: int | None) -> None:
    """Every value from `first` to `last` lies in exactly one band."""
    if not bands or bands[0].low != first or not bands[0].low_inclusive:
        raise PolicyError(f"{where}的分档没有从{first}开始，留有空档")
    for band in bands:
        if band.high is not None and (
            band.low > band.high or (band.low == band.high and not (band.low_inclusive and band.high_inclusive))
        ):
            raise PolicyError(f"{where}有一档的下限不小于上限")
    for lower, upper in pairwise(bands):
        if lower.high is None or lower.high > upper.low:
            raise PolicyError(f"{where}的分档在{upper.low}处重叠")
        if lower.high < upper.low:
            raise PolicyError(f"{where}的分档在{lower.high}与{upper.low}之间留有空档")
        if lower.high_inclusive and upper.low_inclusive:
            raise PolicyError(f"{where}的分档在{upper.low}处重叠")
        if not lower.high_inclusive and not upper.low_inclusive:
            raise PolicyError(f"{where}的分档在{upper.low}处留有空档")
    end = bands[-1]
    if end.high != last or (last is not None and not end.high_inclusive):
        raise PolicyError(f"{where}的分档没有到{'上不封顶' if last is None else last}为止，留有空档")


def _tiers(policy: Policy) -> None:
    if not policy.tiers:
        raise PolicyError("没有奖励档次")
    for lower, upper in pairwise(policy.tiers):
        if upper.floor <= lower.floor or upper.amount <= lower.amount:
            raise PolicyError(f"奖励档次没有递增：{lower.floor}分之后是{upper.floor}分")
    if policy.tiers[0].floor != policy.pass_score:
        raise PolicyError(f"奖励从{policy.tiers[0].floor}分起，合格线为{policy.pass_score}分，两者不一致")


def _document(policy: Policy) -> None:
    document = policy.document
    numbers = [article.number for article in document.articles]
    if numbers != list(range(1, len(numbers) + 1)):
        raise PolicyError("条文序号不连续")
    if {article.chapter for article in document.articles} != {chapter.number for chapter in document.chapters}:
        raise PolicyError("条文与章不对应")
    if [material.number for material in policy.materials] != list(range(1, len(policy.materials) + 1)):
        raise PolicyError("材料序号不连续")
    whole = plain(full_text(policy))
    for reading in policy.readings.values():
        if plain(reading.quote) not in whole:
            raise PolicyError(f"pv.{reading.name}引用的文字不在文件中：“{reading.quote}”")
    for material in policy.materials:
        if plain(material.text) not in whole:
            raise PolicyError(f"材料{material.number}的文字不在文件中")


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
