"""What a recorded row changes, laid over the notice it goes by (R-49).

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
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jinhua_labor.policy.types import Fault, Policy, PolicyError
from jinhua_labor.rulebook.enums import Kind
from jinhua_labor.rulebook.rules.records import Raw, Record
from jinhua_labor.rulebook.words import NOT_HERE, OF_THE_DOCUMENT, PARAMETERS, SETTINGS

_PARAMETER_KEYS: Final = {"value", "unset", "clause", "quote", "reading", "alternative"}
_LINE_KEYS: Final = {
    *("category", "name", "criterion", "weight", "deduct", "veto_at", "bands", "suggestion", "reading"),
}
_MATERIAL_KEYS: Final = {"name", "text", "copies", "stamp", "shareable", "reading"}
_DOCUMENT_KEYS: Final = {"title", "regulation", "addressee", "opening", "preamble"}
_ARTICLE_KEYS: Final = {"number", "chapter", "text", "note"}
_SECTIONS: Final = {"pv", "settings", "tiers", "indicators", "document", "articles", "materials"}


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
