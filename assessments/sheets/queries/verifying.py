"""Whether confirmed sheets still say what was confirmed: each is computed again from its snapshot (R-28)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, Q

from assessments.sheets.models import Sheet, SheetLine, SheetPerson
from assessments.sheets.rules.snapshot import Rebuilt, digest, rebuild
from stations.roster.enums import CountStatus
from stations.roster.services.freezing import verify as frozen_holds

CHUNK = 100


class Sums(NamedTuple):
    """N, T, M, R as the rows of people add up."""

    counted: int = 0
    skilled: int = 0
    matured: int = 0
    retained: int = 0


class Found(NamedTuple):
    """A confirmed sheet, and in what it differs; empty when it holds."""

    sheet: Sheet
    differences: tuple[str, ...]


def verified() -> Iterator[Found]:
    """Every confirmed sheet, oldest first, streamed; a final one and one that a later round replaced as well."""
    sums = {
        sheet: Sums(*numbers)
        for sheet, *numbers in SheetPerson.objects.order_by()
        .values_list("sheet")
        .annotate(
            n=Count("pk", filter=Q(status=CountStatus.COUNTED)),
            t=Count("pk", filter=Q(skilled=True)),
            m=Count("pk", filter=Q(matured=True)),
            r=Count("pk", filter=Q(retained=True)),
        )
    }
    rows = (
        Sheet.objects.filter(confirmed_at__isnull=False)
        .select_related("assessment__station", "assessment__frozen_year")
        .prefetch_related("lines")
        .order_by("confirmed_at", "id")
    )
    for sheet in rows.iterator(chunk_size=CHUNK):
        yield Found(sheet, tuple(_differences(sheet, sums)))


def _differences(sheet: Sheet, sums: dict[uuid.UUID, Sums]) -> Iterator[str]:
    said = sheet.snapshot or {}
    if digest(said) != sheet.sha256:
        yield "快照的校验值不符"
    if not frozen_holds(sheet.assessment.frozen_year):
        yield "冻结名册的校验值不符"
    try:
        again = rebuild(said)
    except (KeyError, TypeError, ValueError) as error:
        yield f"快照不能重算（{type(error).__name__}：{error}）"
        return
    yield from again.differences
    yield from _columns(sheet, again)
    yield from _lines(list(sheet.lines.all()), again)
    facts = again.facts
    frozen = Sums(facts.people.counted, facts.people.skilled, facts.retention.matured, facts.retention.retained)
    for name, label in _SUMS.items():
        here, kept = getattr(sums.get(sheet.pk, Sums()), name), getattr(frozen, name)
        if here != kept:
            yield f"{label}：人员明细合计 {here}，快照为 {kept}"
        if getattr(sheet, name) != kept:
            yield f"{label}：评估表记 {getattr(sheet, name)}，快照为 {kept}"


_SUMS = {"counted": "输送人数", "skilled": "技术技能人才", "matured": "满六个月人数", "retained": "留用人数"}


def _columns(sheet: Sheet, again: Rebuilt) -> Iterator[str]:
    settled = again.settled
    for label, kept, anew in (
        ("总分", sheet.total, settled.total),
        ("结果", sheet.outcome, settled.outcome.value),
        ("一票否决", sheet.veto_reason, settled.veto),
        ("是否否决", sheet.vetoed, bool(settled.veto)),
    ):
        if kept != anew:
            yield f"{label}：评估表记“{kept}”，重算为“{anew}”"


def _lines(rows: list[SheetLine], again: Rebuilt) -> Iterator[str]:
    kept = {row.code: row for row in rows}
    for line in again.lines:
        row = kept.pop(line.code, None)
        if row is None:
            yield f"{line.code}：评估表没有这一项"
        elif (row.given, tuple(row.parts), row.skill_points) != (line.given, line.parts, line.skill_points):
            yield f"{line.code}：评估表记 {row.given} 分，快照为 {line.given} 分，或分项判断、技能加分不同"
    for code in sorted(kept):
        yield f"{code}：快照没有这一项"
