"""The list to ask the insurance with, for a station or the district: every person once, numbers as text. Logged."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from jinhua_labor.accounts.enums import Role
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Refused
from stations.roster.models import Delivery
from stations.roster.workbook.writer import Sheet, Value, write_workbook

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.registry.models import Station

AT_ONCE: Final = 3000
"""Rows written while the person waits; more are written in the background."""
_COLUMNS: Final = ("序号", "姓名", "身份证号")


def deliveries(station: Station | None) -> QuerySet[Delivery]:
    """Whose people are asked for: one station's, or all stations'."""
    rows = Delivery.objects.filter(station__isnull=False)
    return rows.filter(station=station) if station is not None else rows


def number(station: Station) -> int:
    """How many people that is."""
    return deliveries(station).order_by().values("person").distinct().count()


def is_long(station: Station | None) -> bool:
    """Whether so many rows are asked for that nobody should wait; the rows are not counted any further."""
    return deliveries(station).order_by().values("pk")[: AT_ONCE + 1].count() > AT_ONCE


def make(*, station: Station | None, purpose: str, by: User) -> bytes:
    """An .xlsx with each person once, full number as text. Raises Refused without a purpose; the centre only."""
    if by.role != Role.CENTRE:
        raise PermissionDenied
    if not purpose.strip():
        raise Refused("请写明用途。", problems=(("请写明用途", "#query_purpose"),))
    out = io.BytesIO()
    whose = station.name if station is not None else "全区工作站"
    above = (f"社保查询名单　{whose}　{by.name}导出，{date_cn(today())}",)
    with transaction.atomic():
        sheet = Sheet("查询名单", _COLUMNS, _people(station), (6, 12, 22), above)
        count = write_workbook(out, [sheet], title="社保查询名单")
        record(
            by=by,
            action="insurance.export_query",
            obj=station,
            title="" if station is not None else whose,
            purpose=purpose.strip(),
            detail={"rows": count},
        )
    return out.getvalue()


def _people(station: Station | None) -> Iterator[Sequence[Value]]:
    rows = deliveries(station).order_by("person_id", "-created_at", "id").distinct("person_id")
    people = rows.values_list("name", "person__id_number").iterator(chunk_size=2000)
    yield from ((seq, name, text) for seq, (name, text) in enumerate(people, start=1))


def file_name(station: Station | None) -> str:
    """What the file is called where it is saved."""
    return f"社保查询名单_{station.number if station is not None else '全区'}_{today():%Y%m%d}.xlsx"
