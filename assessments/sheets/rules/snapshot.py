"""快照: everything a confirmed sheet rested on, in one JSON from which its result can be computed again. Pure.

It carries the indicator table and the parameters themselves, so that it says the same when the version of the policy it
names has been replaced or taken away.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_type_hints

from assessments.sheets.enums import Outcome
from jinhua_labor.policy.scoring import ScoreError
from jinhua_labor.policy.switches import LineFunction
from jinhua_labor.policy.types import Band, Indicator, Policy, Tier

from .facts import COMPUTED, GIVEN, SheetFacts
from .score import Settled, computed, expected, innovation, outcome

FORM = 1
"""The form of the snapshot; a later form gets a later number and keeps reading this one."""

_NOT_PARAMETERS = {"document", "materials", "indicators", "tiers", "transition", "readings", "settings"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was scored. `parts` for A1, A2, B1; `skill_points` for C4; a reason where it is an override or D1,
    `has_evidence` where a file goes with it."""

    code: str
    given: Decimal
    parts: tuple[bool, ...] = ()
    skill_points: int | None = None
    reason: str = ""
    has_evidence: bool = False


def snapshot(
    facts: SheetFacts, lines: Sequence[Line], *, policy: Policy, certainty: str, about: Mapping[str, Any]
) -> dict[str, Any]:
    """The snapshot of a sheet. `about` says what it is of: station, unit, year, cutoff, round and the like, as JSON.

    ScoreError when a line is missing, or was given points it cannot take.
    """
    given = {line.code: line.given for line in lines}
    settled = outcome(given, facts, policy=policy)
    system = computed(facts, policy=policy)
    return {
        "form": FORM,
        "about": dict(about),
        "policy": _policy(policy, certainty),
        "facts": facts.to_json(),
        "lines": [
            {
                "code": line.code,
                "computed": _number(system[line.code].points) if line.code in system else None,
                "expected": _number(_expected(line, facts, policy)),
                "given": _number(line.given),
                "parts": list(line.parts),
                "skill_points": line.skill_points,
                "reason": line.reason,
                "has_evidence": line.has_evidence,
            }
            for line in sorted(lines, key=lambda line: line.code)
        ],
        "total": _number(settled.total),
        "veto": settled.veto,
        "outcome": str(settled.outcome.value),
        "reward": _number(settled.reward),
        "warning": settled.warning,
    }


def digest(said: Mapping[str, Any]) -> str:
    """SHA-256 over the snapshot in one spelling: keys in order, no blanks, text as it is."""
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A sheet computed again from its snapshot alone, and in what it differs from what the snapshot says."""

    facts: SheetFacts
    policy: Policy
    lines: tuple[Line, ...]
    computed: Mapping[str, Decimal]
    settled: Settled
    differences: tuple[str, ...]

    @property
    def total(self) -> Decimal:
        return self.settled.total

    @property
    def outcome(self) -> Outcome:
        return self.settled.outcome


def rebuild(said: Mapping[str, Any]) -> Rebuilt:
    """The sheet from its snapshot: every computed line anew from the facts, the judged ones from their judgements, then
    total, veto, outcome and reward."""
    facts, policy = SheetFacts.from_json(said["facts"]), policy_of(said)
    lines = lines_of(said)
    anew = {code: score.points for code, score in computed(facts, policy=policy).items()}
    settled = outcome({line.code: line.given for line in lines}, facts, policy=policy)
    return Rebuilt(facts, policy, lines, anew, settled, tuple(_differences(said, facts, policy, lines, anew, settled)))


def lines_of(said: Mapping[str, Any]) -> tuple[Line, ...]:
    """The lines of a snapshot as they were given."""
    return tuple(
        Line(
            row["code"],
            Decimal(row["given"]),
            tuple(row["parts"]),
            row["skill_points"],
            row["reason"],
            row["has_evidence"],
        )
        for row in said["lines"]
    )


def policy_of(said: Mapping[str, Any]) -> Policy:
    """The version a snapshot was scored under, as far as scoring reads it: parameters, 附件3, tiers. What the notice
    says besides (text, materials, readings, settings) is not in it, nor is a parameter that came later."""
    kept = said["policy"]
    hints = _hints()
    values: dict[str, Any] = {one.name: None for one in fields(Policy)}
    for name, value in kept["parameters"].items():
        if name in hints:
            values[name] = _read(value, hints[name])
    values["indicators"] = tuple(_indicator(row) for row in kept["indicators"])
    values["tiers"] = tuple(Tier(row["floor"], Decimal(row["amount"])) for row in kept["tiers"])
    values["readings"] = {}
    return Policy(**values)


# --- What a snapshot keeps of the policy ------------------------------------------------------------------------------


def _policy(policy: Policy, certainty: str) -> dict[str, Any]:
    names = [one.name for one in fields(Policy) if one.name not in _NOT_PARAMETERS]
    return {
        "certainty": certainty,
        "parameters": {name: _said(getattr(policy, name)) for name in names},
        "readings": {name: one.reading for name, one in (policy.readings or {}).items() if one.interpretive},
        "indicators": [_said(asdict(line)) for line in policy.indicators],
        "tiers": [_said(asdict(tier)) for tier in policy.tiers],
    }


def _said(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, dict):
        return {name: _said(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_said(one) for one in value]
    return value


@cache
def _hints() -> dict[str, Any]:
    """What each parameter is; read once, for a page tries hundreds of snapshots."""
    return get_type_hints(Policy)


def _read(value: Any, hint: Any) -> Any:
    if value is None:
        return None
    if isinstance(hint, type) and issubclass(hint, (Enum, Decimal)):
        return hint(value)
    if hint is date:
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _indicator(row: Mapping[str, Any]) -> Indicator:
    bands = {name: tuple(Band(**band) for band in row[name]) for name in ("bands", "suggestion")}
    return Indicator(**{**row, **bands, "function": LineFunction(row["function"])})


def _number(value: Decimal | None) -> str | None:
    """One spelling for a number whatever its scale: 8, 8.5."""
    return None if value is None else f"{value.normalize():f}"


# --- What differs -----------------------------------------------------------------------------------------------------


def _expected(line: Line, facts: SheetFacts, policy: Policy) -> Decimal | None:
    if line.code == GIVEN:
        innovation(line.given, reason=line.reason, has_evidence=line.has_evidence, policy=policy)
        return None
    return expected(line.code, facts, policy=policy, parts=line.parts, skill_points=line.skill_points)


def _differences(
    said: Mapping[str, Any],
    facts: SheetFacts,
    policy: Policy,
    lines: Sequence[Line],
    anew: Mapping[str, Decimal],
    settled: Settled,
) -> list[str]:
    found = []
    rows = {row["code"]: row for row in said["lines"]}
    for line in lines:
        row, name = rows[line.code], f"{line.code} {policy.indicator(line.code).name}"
        if line.code in COMPUTED and row["computed"] != _number(anew[line.code]):
            found.append(f"{name}：快照记系统分 {row['computed']}，重算为 {_number(anew[line.code])}")
        try:
            by_rule = _expected(line, facts, policy)
        except ScoreError as error:
            found.append(f"{name}：{error}")
            continue
        if row["expected"] != _number(by_rule):
            found.append(f"{name}：快照记应得 {row['expected']} 分，重算为 {_number(by_rule)} 分")
        if by_rule is not None and line.given != by_rule and not line.reason.strip():
            found.append(f"{name}：实际得分与重算不同而没有理由")
    for key, label, value in (
        ("total", "总分", _number(settled.total)),
        ("veto", "一票否决", settled.veto),
        ("outcome", "结果", str(settled.outcome.value)),
        ("reward", "奖励", _number(settled.reward)),
    ):
        if said[key] != value:
            found.append(f"{label}：快照记“{said[key]}”，重算为“{value}”")
    return found
