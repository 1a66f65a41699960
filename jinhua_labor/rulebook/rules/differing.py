"""What differs between two versions, in words: the public page and the check of a draft show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jinhua_labor.policy.types import Indicator, Policy
from jinhua_labor.rulebook.words import GROUPS, PARAMETERS, SETTINGS, band_words, group_of, tier_words, worded


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two versions, in words. `part` is the page of the draft it stands on."""

    part: str
    label: str
    clause: str
    before: str
    after: str


def differences(before: Policy, after: Policy) -> tuple[Change, ...]:
    """What differs from one version to the other, in the order of the pages of a draft."""
    found = [*_parameter_changes(before, after)]
    found += _line_changes(before, after)
    if before.tiers != after.tiers:
        words = ("；".join(tier_words(tier) for tier in policy.tiers) for policy in (before, after))
        found.append(Change("money", "年度绩效奖励档次", "第十二条（二）", *words))
    for name, (label, _unit) in SETTINGS.items():
        old, new = getattr(before.settings, name), getattr(after.settings, name)
        if old != new:
            found.append(Change("limits", label, "办理时限", worded(name, old), worded(name, new)))
    found += _text_changes(before, after)
    return tuple(found)


def touches_counting(before: Policy, after: Policy) -> bool:
    """Whether the definition of 第一、二条 differs: then people must be counted again, lines alone do not tell."""
    return any(getattr(before, name) != getattr(after, name) for name in GROUPS[0].parameters)


def _parameter_changes(before: Policy, after: Policy) -> Iterator[Change]:
    for name, (label, _unit) in PARAMETERS.items():
        group, old, new = group_of(name), before.readings[name], after.readings[name]
        part = group.key if group else "head"
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield Change(part, label, new.clause, worded(name, was), worded(name, now))
        if group and old.reading != new.reading:
            yield Change(part, f"{label}的解释口径", new.clause, old.reading or "无", new.reading or "无")


def _line_changes(before: Policy, after: Policy) -> Iterator[Change]:
    by_code = {line.code: line for line in before.indicators}
    for line in after.indicators:
        old = by_code.get(line.code)
        if old is None or old == line:
            continue
        clause = f"附件3 {line.code}"
        for label, part, was, now in _line_words(old, line):
            if was != now:
                yield Change(part, f"{line.name}：{label}", clause, was or "无", now or "无")


def _line_words(old: Indicator, new: Indicator) -> Iterator[tuple[str, str, str, str]]:
    yield "类别", "lines", old.category, new.category
    yield "名称", "lines", old.name, new.name
    yield "评分标准", "lines", old.criterion, new.criterion
    yield "权重", "lines", f"{old.weight}分", f"{new.weight}分"
    yield "每例扣分", "lines", f"{old.deduct}分", f"{new.deduct}分"
    yield "一票否决次数", "lines", f"{old.veto_at}次", f"{new.veto_at}次"
    yield "分档", "bands", _bands(old.bands), _bands(new.bands)
    yield "参考分", "bands", _bands(old.suggestion), _bands(new.suggestion)
    yield "解释口径", "bands", old.reading, new.reading


def _bands(bands: Iterable[Any]) -> str:
    return "；".join(map(band_words, bands))


def _text_changes(before: Policy, after: Policy) -> Iterator[Change]:
    labels = {"title": "标题", "regulation": "办法名称", "addressee": "主送", "opening": "引言", "preamble": "序言"}
    for name, label in labels.items():
        was, now = getattr(before.document, name), getattr(after.document, name)
        if was != now:
            yield Change("text", label, "正文", was, now)
    articles = {article.number: article for article in before.document.articles}
    for article in after.document.articles:
        old = articles.pop(article.number, None)
        if old is None:
            yield Change("text", article.label, article.label, "无", article.text)
        elif (old.text, old.note) != (article.text, article.note):
            yield Change("text", article.label, article.label, old.text, article.text)
    for article in articles.values():
        yield Change("text", article.label, article.label, article.text, "删去")
    for old_material, material in zip(before.materials, after.materials, strict=False):
        if old_material != material:
            words = (
                f"{row.name}，{row.copies}份，{'盖章' if row.stamp else '不盖章'}" for row in (old_material, material)
            )
            yield Change("materials", f"材料{material.number}", material.clause, *words)
