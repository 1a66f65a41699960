"""Recorded rows laid over the notice, and which version follows from them on a day (R-48, R-49): pure functions.

`changes` of a record holds only what differs from the notice it lies over:

    {"pv": {name: {"value": …} or {"unset": true}, with "clause", "quote", "reading", "alternative"},
     "settings": {name: {"value": …}}, "tiers": [{"floor": …, "amount": …}],
     "indicators": {code: {"weight": …, "bands": [{"range": "[50,75)", "score": 3}], …}},
     "document": {…}, "articles": [{"number": …, "chapter": …, "text": …, "note": …}], "materials": {"1": {…}}}

Dates and amounts with a fraction stand as text, as JSON has them.
"""

from __future__ import annotations

import copy
import datetime as dt
import typing
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any, Final

from jinhua_labor.policy.load import build
from jinhua_labor.policy.types import Fault, Indicator, Policy, PolicyError
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.words import (
    GROUPS,
    NOT_HERE,
    OF_THE_DOCUMENT,
    PARAMETERS,
    SETTINGS,
    band_words,
    group_of,
    tier_words,
    worded,
)

Raw = Mapping[str, Any]
Build = Callable[[Raw], Policy]

_PARAMETER_KEYS: Final = {"value", "unset", "clause", "quote", "reading", "alternative"}
_LINE_KEYS: Final = {
    *("category", "name", "criterion", "weight", "deduct", "veto_at", "bands", "suggestion", "reading"),
}
_MATERIAL_KEYS: Final = {"name", "text", "copies", "stamp", "shareable", "reading"}
_DOCUMENT_KEYS: Final = {"title", "regulation", "addressee", "opening", "preamble"}
_ARTICLE_KEYS: Final = {"number", "chapter", "text", "note"}
_SECTIONS: Final = {"pv", "settings", "tiers", "indicators", "document", "articles", "materials"}


# --- laying a record over a notice ------------------------------------------------------------------------------------


def overlay(raw: Raw, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The notice as parsed with the changes over it; `raw` stays as it is. PolicyError on a place it does not have."""
    _only(changes, _SECTIONS, "修改内容")
    made = copy.deepcopy(dict(raw))
    for name, row in changes.get("pv", {}).items():
        made["pv"][name] = _parameter(name, made["pv"].get(name), row)
    for name, row in changes.get("settings", {}).items():
        _only({name: row}, set(made["settings"]), "设置")
        _only(row, {"value"}, f"settings.{name}")
        made["settings"][name] = {**made["settings"][name], **row}
    if "tiers" in changes:
        made["tiers"] = [{**_only(row, {"floor", "amount"}, "奖励档次")} for row in changes["tiers"]]
    _each(made["indicators"], "code", changes.get("indicators", {}), _LINE_KEYS, "指标")
    _each(made["materials"], "number", changes.get("materials", {}), _MATERIAL_KEYS, "材料")
    made["document"] |= _only(changes.get("document", {}), _DOCUMENT_KEYS, "文件")
    if "articles" in changes:
        made["articles"] = [{**_only(row, _ARTICLE_KEYS, "条文")} for row in changes["articles"]]
    return made


def successor(raw: Raw, record: Record) -> dict[str, Any]:
    """The recorded notice as a whole: what it changes of the one before, its own number and days."""
    made = overlay(raw, record.changes)
    made["id"] = record.code
    days = {"issued": record.doc_date, "effective_from": record.valid_from, "effective_to": record.effective_to}
    for name, value in {"doc_no": record.doc_no, **days}.items():
        # The words of the old notice about its own days do not stand in the new one.
        made["pv"][name] = {"value": value, "clause": raw["pv"][name]["clause"]}
    return made


def extended(raw: Raw, until: dt.date) -> dict[str, Any]:
    """The same notice with a later end; nothing else changes (R-48)."""
    made = dict(raw)
    made["pv"] = {**raw["pv"], "effective_to": {**raw["pv"]["effective_to"], "value": until}}
    return made


def _parameter(name: str, before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> dict[str, Any]:
    if before is None or name in OF_THE_DOCUMENT:
        raise PolicyError(f"没有可以修改的参数 {name}", where=f"pv.{name}")
    _only(row, _PARAMETER_KEYS, f"pv.{name}")
    made = {**before, **row}
    if row.get("unset"):
        made.pop("value", None)
    elif "value" in row:
        made.pop("unset", None)
        made["value"] = _decoded(name, row["value"])
    return made


def _decoded(name: str, value: Any) -> Any:
    """What JSON keeps as text is a number with a fraction again."""
    if isinstance(value, str) and typing.get_type_hints(Policy)[name] is Decimal:
        try:
            return Decimal(value)
        except InvalidOperation as error:
            raise PolicyError("须填写数字", where=f"pv.{name}") from error
    return value


def _each(rows: list[dict[str, Any]], key: str, changes: Mapping[str, Any], known: set[str], where: str) -> None:
    by_key = {str(row[key]): row for row in rows}
    for name, change in changes.items():
        if name not in by_key:
            raise PolicyError(f"{where}{name}不在文件中")
        by_key[name].update(_only(change, known, f"{where}{name}"))


def _only(row: Mapping[str, Any], known: set[str], where: str) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise PolicyError(f"{where}的写法不对")
    if unknown := sorted(set(row) - known):
        raise PolicyError(f"{where}不能修改 {'、'.join(unknown)}")
    return row


def merged(several: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The changes of several records as one, the later over the earlier: what a successor takes over of the readings
    in force while it is drafted."""
    made: dict[str, Any] = {}
    for changes in several:
        for section, rows in changes.items():
            if isinstance(rows, Mapping):
                kept = made.setdefault(section, {})
                for name, row in rows.items():
                    kept[name] = {**kept.get(name, {}), **row} if isinstance(row, Mapping) else row
            else:
                made[section] = rows
    return made


def with_part(changes: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """The changes after one page of the draft was saved.

    `part` names every place that stands on the page: section → name → what differs there (nothing: as in the notice),
    or section → the whole list (None: as in the notice).
    """
    made = {section: dict(rows) if isinstance(rows, Mapping) else rows for section, rows in changes.items()}
    for section, rows in part.items():
        if rows is None or not isinstance(rows, Mapping):
            made[section] = rows
        else:
            made[section] = {**made.get(section, {}), **rows}
            made[section] = {name: row for name, row in made[section].items() if row not in ({}, None)}
    return {section: rows for section, rows in made.items() if rows not in ({}, None)}


# --- what each kind of record may change ------------------------------------------------------------------------------


def beyond(kind: Kind, changes: Mapping[str, Any], before: Policy) -> Iterator[Fault]:
    """What a record of this kind may not change, as faults.

    An extension changes nothing but the end. A reading changes what the notice leaves open (each with its 解释口径 in
    words), the suggested points, and the office's own terms; the notice's numbers and words need a successor.
    """
    if kind is Kind.EXTENSION and changes:
        yield Fault("", "延期只改变截止日期，其他修改请另记解释口径或新文件")
        return
    for name in changes.get("settings", {}):
        if name in NOT_HERE:
            yield Fault(f"settings.{name}", f"{SETTINGS[name][0]}属于系统运行设置，不在政策版本中修改")
    if kind is Kind.SUCCESSOR:
        return
    for section in ("tiers", "document", "articles", "materials"):
        if section in changes:
            yield Fault(section, "条文和金额只能由新文件修改")
    for code, row in changes.get("indicators", {}).items():
        if set(row) - {"suggestion", "reading"}:
            yield Fault(f"indicators.{code}", "指标的权重、分档和文字只能由新文件修改")
    for name, row in changes.get("pv", {}).items():
        yield from _reading(name, row, before)


def _reading(name: str, row: Mapping[str, Any], before: Policy) -> Iterator[Fault]:
    where, old = f"pv.{name}", before.readings.get(name)
    if old is None:
        return
    if not old.interpretive or set(row) - {"value", "unset", "reading", "alternative"}:
        yield Fault(where, f"{PARAMETERS[name][0]}由条文写明，只能由新文件修改")
    elif not str(row.get("reading", old.reading)).strip():
        yield Fault(where, "请写明解释口径")
    elif ("value" in row or "unset" in row) and row.get("reading", old.reading) == old.reading:
        yield Fault(where, "取值改变的，解释口径须一并改写")


# --- the book: which version holds when -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Record:
    """A confirmed row of the rulebook, as the rules read it."""

    id: str
    kind: Kind
    code: str
    base: str
    subject: str
    decided_by: str
    doc_no: str
    doc_date: dt.date
    valid_from: dt.date | None
    effective_to: dt.date | None
    changes: Mapping[str, Any]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(self.changes.get("pv", {}))


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """The version from `since` to the next slice, and what was recorded to make it. `base` is the id of its notice,
    `raw` the text the version was built of."""

    since: dt.date
    base: str
    policy: Policy
    raw: Raw
    notice: Record | None
    readings: tuple[Record, ...]
    extension: Record | None

    def read_by(self, parameter: str) -> Record | None:
        """The record that says how this parameter is read now; None when the notice's own file does."""
        for record in reversed(self.readings):
            if parameter in record.parameters:
                return record
        return self.notice


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Every version, by the day it begins on."""

    slices: tuple[Slice, ...]

    def on(self, day: dt.date) -> Slice:
        """The version that holds on this day. LookupError before the first."""
        place = bisect_right(self.slices, day, key=lambda piece: piece.since)
        if place == 0:
            raise LookupError(day)
        return self.slices[place - 1]

    def version(self, code: str) -> Policy:
        """The version with this id, whenever it holds. LookupError when there is none."""
        for piece in self.slices:
            if piece.policy.id == code:
                return piece.policy
        raise LookupError(code)


@dataclass(frozen=True, slots=True)
class _Notice:
    raw: Raw
    since: dt.date
    record: Record | None
    extension: Record | None


def make_book(files: Sequence[Raw], records: Iterable[Record], make: Build = build) -> Book:
    """The book of the files with what was recorded over them, in the order of confirmation.

    A reading holds from its own day on, over the readings before it; an extension moves the end of its notice; a
    successor begins a notice of its own. PolicyError when any version that comes of it cannot be right.
    """
    kept = list(records)
    notices = _notices(files, kept)
    slices: list[Slice] = []
    for position, (name, notice) in enumerate(notices):
        until = notices[position + 1][1].since if position + 1 < len(notices) else None
        found = _slices(name, notice, [row for row in kept if row.base == name and row.kind is Kind.READING], make)
        slices += [piece for piece in found if until is None or piece.since < until]
    return Book(tuple(slices))


def _notices(files: Sequence[Raw], records: Sequence[Record]) -> list[tuple[str, _Notice]]:
    raws: dict[str, tuple[Raw, Record | None]] = {raw["id"]: (raw, None) for raw in files}
    for record in records:
        if record.base not in raws:
            raise PolicyError(f"{record.doc_no}所依据的办法 {record.base} 不存在")
        if record.kind is Kind.SUCCESSOR:
            if record.code in raws:
                raise PolicyError(f"文号{record.doc_no}的办法已经有了")
            raws[record.code] = (successor(raws[record.base][0], record), record)
    found = []
    for name, (raw, own) in raws.items():
        ends = [row for row in records if row.kind is Kind.EXTENSION and row.base == name and row.effective_to]
        longest = max(ends, key=_end, default=None)
        if longest is not None and _end(longest) > raw["pv"]["effective_to"]["value"]:
            found.append((name, _Notice(extended(raw, _end(longest)), _since(raw), own, longest)))
        else:
            found.append((name, _Notice(raw, _since(raw), own, None)))
    found.sort(key=lambda pair: pair[1].since)
    return found


def _slices(name: str, notice: _Notice, readings: Sequence[Record], make: Build) -> Iterator[Slice]:
    raw: Raw = notice.raw
    applied: tuple[Record, ...] = ()
    due = sorted(readings, key=lambda row: max(_first(row), notice.since))
    days = [(day, tuple(rows)) for day, rows in groupby(due, key=lambda row: max(_first(row), notice.since))]
    if not days or days[0][0] != notice.since:
        yield Slice(notice.since, name, make(raw), raw, notice.record, applied, notice.extension)
    for day, rows in days:
        for row in rows:
            raw = {**overlay(raw, row.changes), "id": row.code}
        applied = (*applied, *rows)
        yield Slice(day, name, make(raw), raw, notice.record, applied, notice.extension)


def _since(raw: Raw) -> dt.date:
    day: dt.date = raw["pv"]["effective_from"]["value"]
    return day


def _first(record: Record) -> dt.date:
    if record.valid_from is None:
        raise PolicyError(f"{record.doc_no}没有生效日期")
    return record.valid_from


def _end(record: Record) -> dt.date:
    if record.effective_to is None:
        raise PolicyError(f"{record.doc_no}没有截止日期")
    return record.effective_to


# --- differences ------------------------------------------------------------------------------------------------------


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
