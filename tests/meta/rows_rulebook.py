"""Rows of recorded policy versions that the database accepts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.rulebook.enums import Kind, VersionState
from jinhua_labor.rulebook.models import Version
from tests.meta.rows import DAY, LATER, NOW, _made, clerk, number

OFFICE = "金华市金东区人力资源和社会保障局"
READING = {"pv": {"veto_mode": {"value": "B", "reading": "事故与投诉合计三次以上，一票否决。"}}}


def _official() -> Any:
    return clerk(Role.BUREAU)


def draft(**fields: Any) -> Version:
    values = {
        "kind": Kind.READING,
        "base": "JD-2021-14",
        "subject": "测试口径",
        "decided_by": OFFICE,
        "doc_no": lambda: f"测试人社〔2023〕{number()}号",
        "doc_date": DAY,
        "valid_from": LATER,
        "changes": READING,
        "drafted_by": _official,
    }
    return _made(Version, values, fields)


def submitted(**fields: Any) -> Version:
    return draft(**{"state": VersionState.SUBMITTED, "submitted_at": NOW, **fields})


def confirmed(**fields: Any) -> Version:
    values = {
        "state": VersionState.CONFIRMED,
        "submitted_at": NOW,
        "confirmed_at": NOW,
        "confirmed_on": DAY,
        "code": f"测试-{number()}",
    }
    if "confirmed_by" not in fields:
        values["confirmed_by"] = _official()
    return draft(**{**values, **fields})


def withdrawn(**fields: Any) -> Version:
    values = {
        "state": VersionState.WITHDRAWN,
        "withdrawn_at": NOW,
        "withdrawn_on": DAY,
        "withdrawn_reason": "文号有误，另行记录。",
    }
    if "withdrawn_by" not in fields:
        values["withdrawn_by"] = _official()
    return confirmed(**{**values, **fields})


EXTENDING = {
    "kind": Kind.EXTENSION,
    "valid_from": None,
    "changes": {},
    "extends_from": dt.date(2023, 12, 31),
    "effective_to": dt.date(2025, 12, 31),
}


def extension(**fields: Any) -> Version:
    """延期, confirmed."""
    return confirmed(**{**EXTENDING, **fields})
