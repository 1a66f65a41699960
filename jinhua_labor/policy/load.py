"""Reading a version of the notice from its file, and refusing one that cannot be right.

`build` takes the parsed file, so that recorded rows laid over a file later pass the same checks.
"""

import re
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from jinhua_labor.policy.checks import check, faults
from jinhua_labor.policy.types import (
    Annex,
    Article,
    Band,
    Chapter,
    Document,
    Fault,
    Indicator,
    Material,
    MaterialPart,
    Policy,
    PolicyError,
    Reading,
    Settings,
    Tier,
)

FOLDER = Path(__file__).parent
_TABLES = ("id", "document", "materials", "indicators", "tiers", "transition", "readings", "settings")
_TOP_KEYS = {"id", "document", "chapters", "articles", "annexes", "materials", "indicators", "tiers"}
_TOP_KEYS |= {"pv", "settings", "transition"}
_PARAMETER_KEYS = {"value", "unset", "clause", "quote", "reading", "alternative", "gap"}
_BAND = re.compile(r"([\[(])(\d+),(\d+|∞)([\])])")
_T = TypeVar("_T")
_NUMERALS = "〇一二三四五六七八九十"


@cache
def versions() -> tuple[Policy, ...]:
    """Every version in this folder, the earliest first. PolicyError when a file is wrong or two overlap."""
    found = sorted((read(path) for path in FOLDER.glob("*.toml")), key=lambda policy: policy.effective_from)
    for earlier, later in pairwise(found):
        if later.effective_from <= earlier.effective_to:
            raise PolicyError(f"版本 {later.id} 与 {earlier.id} 的施行日期重叠")
    return tuple(found)


@cache
def raw_versions() -> tuple[Mapping[str, Any], ...]:
    """The files behind `versions()` as parsed, in the same order; whoever lays something over one copies it first."""
    by_id = {raw["id"]: raw for raw in map(_parsed, FOLDER.glob("*.toml"))}
    return tuple(by_id[policy.id] for policy in versions())


def read(path: Path) -> Policy:
    """The version in the TOML file at `path`. PolicyError names the file and what is wrong in it."""
    try:
        return build(_parsed(path))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{path.name}：文件格式有误（{error}）") from error
    except PolicyError as error:
        raise PolicyError(f"{path.name}：{error}", where=error.where) from error


def _parsed(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def build(raw: Mapping[str, Any]) -> Policy:
    """The version described by parsed TOML. PolicyError in Chinese on an unknown or missing key, a value of the
    wrong kind, weights that do not add to 100, bands that overlap or leave a gap, tiers that do not rise."""
    policy = assemble(raw)
    check(policy)
    return policy


def problems(raw: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything for which `build` would refuse it: the first thing that cannot be read, else all that cannot be
    right."""
    try:
        return tuple(faults(assemble(raw)))
    except PolicyError as error:
        return (Fault(error.where, error.message),)


def assemble(raw: Mapping[str, Any]) -> Policy:
    """The version as described, of the right kinds, not yet checked. PolicyError on the first that is not."""
    _known(raw, _TOP_KEYS, "版本")
    hints = typing.get_type_hints(Policy)
    names = [field.name for field in fields(Policy) if field.name not in _TABLES]
    parameters: Mapping[str, Any] = raw.get("pv", {})
    _known(parameters, set(names), "pv")
    values: dict[str, Any] = {}
    readings: dict[str, Reading] = {}
    for name in names:
        if name not in parameters:
            raise PolicyError(f"缺少参数 pv.{name}")
        values[name], readings[name] = _parameter(name, parameters[name], hints[name])
    return Policy(
        **values,
        id=_text(raw, "id", "版本"),
        document=_document(raw),
        materials=tuple(_material(row) for row in raw.get("materials", ())),
        indicators=tuple(_indicator(row) for row in raw.get("indicators", ())),
        tiers=tuple(_record(Tier, row, "奖励档次") for row in raw.get("tiers", ())),
        transition=types.MappingProxyType(dict(raw.get("transition", {}))),
        readings=types.MappingProxyType(readings),
        settings=_settings(raw.get("settings", {})),
    )


def parse_band(text: str, score: int) -> Band:
    """The band of an interval such as "[50,75)" or "(300,∞)"; PolicyError when it is not one."""
    match = _BAND.fullmatch(text)
    if match is None:
        raise PolicyError(f"分档“{text}”写法有误，应如“[50,75)”")
    opening, low, high, closing = match.groups()
    return Band(int(low), opening == "[", None if high == "∞" else int(high), closing == "]", score)


def _parameter(name: str, raw: Mapping[str, Any], hint: Any) -> tuple[Any, Reading]:
    _known(raw, _PARAMETER_KEYS, f"pv.{name}")
    if ("value" in raw) == bool(raw.get("unset")):
        raise PolicyError(f"pv.{name}：须写 value，或写 unset = true", where=f"pv.{name}")
    reading = Reading(
        name=name,
        clause=_text(raw, "clause", f"pv.{name}"),
        quote=raw.get("quote", ""),
        reading=raw.get("reading", ""),
        alternative=raw.get("alternative", ""),
        gap=raw.get("gap", ""),
    )
    return _convert(raw.get("value"), hint, f"pv.{name}"), reading


def _settings(raw: Mapping[str, Any]) -> Settings:
    hints = typing.get_type_hints(Settings)
    _known(raw, set(hints), "settings")
    values = {}
    for name, hint in hints.items():
        if name not in raw:
            raise PolicyError(f"缺少设置 settings.{name}")
        _known(raw[name], {"value", "basis"}, f"settings.{name}")
        values[name] = _convert(raw[name].get("value"), hint, f"settings.{name}")
    return Settings(**values)


def _document(raw: Mapping[str, Any]) -> Document:
    rows = dict(raw.get("document", {}))
    rows["chapters"] = [_record(Chapter, row, "章") for row in raw.get("chapters", ())]
    rows["articles"] = [
        _record(Article, {"label": f"第{_numeral(row['number'])}条", "note": "", **row}, "条")
        for row in raw.get("articles", ())
    ]
    rows["annexes"] = [_record(Annex, {"head": [], "note": "", **row}, "附件") for row in raw.get("annexes", ())]
    return _record(Document, rows, "document")


def _material(raw: Mapping[str, Any]) -> Material:
    absent = {"stamp": False, "shareable": False, "per_site": False, "from_data": "", "reading": ""}
    parts = [_record(MaterialPart, part, "材料的部分") for part in raw.get("parts", ())]
    return _record(Material, {**absent, **raw, "parts": parts}, "材料")


def _indicator(raw: Mapping[str, Any]) -> Indicator:
    rows: dict[str, Any] = {"deduct": 0, "veto_at": 0, "reading": "", **raw}
    for key in ("bands", "suggestion"):
        rows[key] = [parse_band(band["range"], band["score"]) for band in raw.get(key, ())]
    return _record(Indicator, rows, "指标")


def _record(kind: type[_T], raw: Mapping[str, Any], where: str) -> _T:
    hints = typing.get_type_hints(kind)
    _known(raw, set(hints), where)
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in raw and field.default is MISSING:
            raise PolicyError(f"{where}缺少 {field.name}")
    return kind(**{name: _convert(value, hints[name], f"{where}.{name}") for name, value in raw.items()})


def _convert(value: Any, hint: Any, where: str) -> Any:
    if typing.get_origin(hint) is types.UnionType:
        if value is None:
            return None
        hint = next(member for member in typing.get_args(hint) if member is not type(None))
    if typing.get_origin(hint) is tuple and isinstance(value, list | tuple):
        return tuple(_convert(member, typing.get_args(hint)[0], where) for member in value)
    if isinstance(hint, type):
        if issubclass(hint, StrEnum):
            try:
                return hint(value)
            except ValueError as error:
                raise PolicyError(f"{where}：“{value}”不是可选的值（{'、'.join(hint)}）", where=where) from error
        if hint is Decimal and type(value) is int:
            return Decimal(value)
        # bool is an int in Python, not here
        if isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
            return value
    raise PolicyError(f"{where}：值 {value!r} 的类型不对", where=where)


def _known(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(raw) - known):
        raise PolicyError(f"{where}：不认识的键 {'、'.join(unknown)}")


def _text(raw: Mapping[str, Any], key: str, where: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise PolicyError(f"{where}缺少 {key}", where=where)
    return value


def _numeral(number: int) -> str:
    """一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")
