"""② 核对 as a page shows it: how many rows can go, what is wrong grouped by kind, which employers have no code yet."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Count, F, Q

from stations.registry.models import Employer
from stations.roster.enums import StagedState
from stations.roster.workbook.cells import text_of
from stations.roster.workbook.problems import ASK, ERROR, TITLES, WARNING

if TYPE_CHECKING:
    from stations.roster.models import ImportBatch, StagedRow

SHOWN_PER_KIND: Final = 10
TITLES_HERE: Final = {**TITLES, "form": "用工形式无法识别"}
_ORDER: Final = {ERROR: 0, ASK: 1, WARNING: 2}


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a batch by what happens to them next. `ready` are committed; `unmatched` wait for an employer's code."""

    ready: int = 0
    unmatched: int = 0
    ask: int = 0
    bad: int = 0
    known: int = 0
    dropped: int = 0

    @property
    def staying(self) -> int:
        return self.unmatched + self.ask + self.bad

    @property
    def total(self) -> int:
        return self.ready + self.staying + self.known + self.dropped


def counts(batch: ImportBatch) -> Counts:
    """One query."""
    good = Q(state=StagedState.GOOD)
    found = batch.rows.aggregate(
        ready=Count("pk", filter=good & Q(employer__isnull=False)),
        unmatched=Count("pk", filter=good & Q(employer__isnull=True)),
        ask=Count("pk", filter=Q(state=StagedState.ASK)),
        bad=Count("pk", filter=Q(state=StagedState.BAD)),
        known=Count("pk", filter=Q(state=StagedState.KNOWN)),
        dropped=Count("pk", filter=Q(state=StagedState.DROPPED)),
    )
    return Counts(**found)


@dataclass(slots=True)
class Shown:
    """One problem on the page."""

    row_no: int
    column: str
    message: str
    name: str


@dataclass(slots=True)
class Group:
    """Problems of one kind: how many, and the first of them."""

    code: str
    title: str
    severity: str
    count: int
    rows: list[Shown] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


def groups(batch: ImportBatch, *, code: str = "", per_kind: int = SHOWN_PER_KIND) -> list[Group]:
    """The kinds of problems of rows still staged, errors first, the most frequent first; two queries."""
    gone = [StagedState.DROPPED, StagedState.KNOWN, StagedState.DONE]
    only = "AND p.value->>0 = %(code)s" if code else ""
    params = {"batch": batch.pk, "code": code, "gone": gone, "n": per_kind}
    found: dict[str, Group] = {}
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS.format(only=only), params)
        for kind, severity, count, row_no, column, message, name in cursor.fetchall():
            group = found.setdefault(kind, Group(kind, TITLES_HERE.get(kind, "其他问题"), severity, count))
            group.rows.append(Shown(row_no, column, message, name))
    return sorted(found.values(), key=lambda group: (_ORDER.get(group.severity, 3), -group.count, group.code))


_GROUPS: Final = """
    SELECT code, severity, total, row_no, letter, message, name
      FROM (SELECT p.value->>0 AS code, p.value->>4 AS severity, p.value->>1 AS letter, p.value->>3 AS message,
                   s.row_no, s.name,
                   count(*) OVER (PARTITION BY p.value->>0) AS total,
                   row_number() OVER (PARTITION BY p.value->>0 ORDER BY s.row_no) AS place
              FROM stations_stagedrow s, jsonb_array_elements(s.problems) p
             WHERE s.batch_id = %(batch)s AND s.problems IS NOT NULL AND s.state <> ALL(%(gone)s) {only}) f
     WHERE place <= %(n)s
     ORDER BY code, place
"""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name of the file without a credit code; `suggested` is a registered employer of exactly this name."""

    text: str
    rows: int
    suggested: str = ""


def unmatched_employers(batch: ImportBatch, *, limit: int = 100) -> list[Unmatched]:
    """The names of the file that stand for no employer yet, the most frequent first; two queries."""
    rows = (
        batch.rows.filter(employer__isnull=True)
        .exclude(employer_text="")
        .exclude(state__in=[StagedState.DROPPED, StagedState.KNOWN])
        .values("employer_key")
        .annotate(rows=Count("pk"), text=F("employer_text"))
        .values_list("employer_text", "employer_key", "rows")
        .order_by("-rows", "employer_text")[: limit * 2]
    )
    merged: dict[str, list[Any]] = {}
    for text, key, number in rows:
        kept = merged.setdefault(key, [text, 0])
        kept[1] += number
    codes = dict(
        Employer.objects.filter(name__in=[text for text, _ in merged.values()]).values_list("name", "credit_code")
    )
    return [Unmatched(text, number, codes.get(text, "")) for text, number in list(merged.values())[:limit]]


def hidden_rows(batch: ImportBatch) -> list[int]:
    """Rows of the import that are hidden in its spreadsheet, as far as they are not left out already."""
    rows = batch.header.get("hidden")
    if not rows:
        return []
    gone = (StagedState.DROPPED, StagedState.DONE)
    return list(batch.rows.filter(row_no__in=rows).exclude(state__in=gone).values_list("row_no", flat=True))


def cells_of(row: StagedRow) -> dict[str, str]:
    """What stands in the row's cells, by field; for a row without problems as it was understood.

    A right identity number stays out: it is a secret, and a correction that leaves its cell empty keeps it.
    """
    if row.raw:
        cells = dict(json.loads(row.raw)) | ({"id_number": ""} if row.id_index else {})
        # An exception declared by row number stands in no cell, and must outlive the correction of another cell.
        return cells | {"employment_form": row.get_form_display()} if row.form else cells
    extras = row.extras or {}
    return {
        "name": row.name,
        "id_number": "",
        "hukou": row.hukou_text,
        "employer": row.employer_text,
        "entry_on": text_of(row.entry_on.timetuple()[:3]) if row.entry_on else "",
        "employment_form": row.get_form_display() if row.form else "",
        "post": extras.get("post", ""),
        "education": extras.get("education", ""),
        "skill_level": extras.get("skill", ""),
        "cert_no": extras.get("certificate_no", ""),
        "leave_on": extras.get("leave_on", ""),
    }
