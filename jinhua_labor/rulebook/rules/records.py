"""A confirmed row of the rulebook, as the rules read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jinhua_labor.rulebook.enums import Kind

Raw = Mapping[str, Any]
"""A notice as it was parsed, before a version is built of it."""


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
