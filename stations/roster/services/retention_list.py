"""留用名册 that leaves the portal: printed in the manner of 附件2, or as a workbook. Purpose asked, journal written."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Refused
from jinhua_labor.documents.annex2 import Annex2Head
from jinhua_labor.documents.retention import RETENTION, RetentionRow, retention_pdf
from stations.roster.enums import CountStatus, RetentionResult
from stations.roster.models import RetentionCheck
from stations.roster.workbook.writer import Sheet, Value, write_workbook

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.registry.models import Station

PDF, XLSX = "pdf", "xlsx"
KINDS: Final = ((PDF, "打印件（PDF，附件2 样式）"), (XLSX, "工作表（Excel）"))
TYPES: Final = {PDF: "application/pdf", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
AT_ONCE: Final = 1500
"""Rows made while the person waits; more are made in the background."""
Span = tuple[dt.date | None, dt.date | None]
_WORKING: Final = (*RETENTION.heads, "该月缴费", "离职时间", "统计时间", "来源", "说明")


def rows_of(station: Station, span: Span) -> QuerySet[RetentionCheck]:
    """The checks whose day lies in the span (an end that is None is open), by day; not who is 不计 and open."""
    rows = RetentionCheck.objects.filter(delivery__station=station).exclude(
        result="", delivery__status=CountStatus.EXCLUDED
    )
    if span[0] is not None:
        rows = rows.filter(check_on__gte=span[0])
    if span[1] is not None:
        rows = rows.filter(check_on__lte=span[1])
    return rows.order_by("check_on", "delivery__seq", "id")


def number(station: Station, span: Span) -> int:
    return rows_of(station, span).count()


def make(
    *,
    station: Station,
    kind: str,
    span: Span,
    purpose: str,
    by: User,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """The list with full identity numbers. Raises Refused without a purpose."""
    if not purpose.strip():
        raise Refused("请写明用途。", problems=(("请写明用途", "#list_purpose"),))
    with transaction.atomic():
        rows = rows_of(station, span)
        if kind == PDF:
            head = Annex2Head(unit=station.operator.name, filled_on=today(), filled_by="", phone="")
            data = retention_pdf(head, _printed(rows), progress=progress)
        else:
            out = io.BytesIO()
            above = (RETENTION.title, f"工作站：{station.name}　导出：{by.name}，{date_cn(today())}", RETENTION.note)
            widths = (6, 12, 22, 28, 28, 12, 12, 10, 10, 12, 12, 12, 24)
            write_workbook(out, [Sheet("留用名册", _WORKING, _working(rows), widths, above)], title=RETENTION.title)
            data = out.getvalue()
        record(
            by=by,
            action=f"retention.export_{kind}",
            obj=station,
            purpose=purpose.strip(),
            detail={"rows": rows.count()},
        )
    return data


def file_name(station: Station, kind: str) -> str:
    """What the file is called where it is saved."""
    return f"{station.number}_留用名册_{today():%Y%m%d}.{kind}"


def words(result: str, month_ok: bool | None) -> str:
    """The result as the list says it: 留用 whose month is not known to be paid is 参保待核, or not kept at all."""
    if result == RetentionResult.RETAINED and month_ok is None:
        return "参保待核"
    if result == RetentionResult.RETAINED and month_ok is False:
        return "未留用"
    return RetentionResult(result).label if result else ""


_FIELDS: Final = (
    "delivery__name",
    "delivery__person__id_number",
    "delivery__hukou_text",
    "delivery__employer__name",
    "delivery__entry_on",
    "check_on",
    "result",
    "si_month_ok",
)


def _printed(rows: QuerySet[RetentionCheck]) -> Iterator[RetentionRow]:
    for *person, result, month_ok in rows.values_list(*_FIELDS).iterator(chunk_size=2000):
        yield RetentionRow(*person, words(result, month_ok))


def _working(rows: QuerySet[RetentionCheck]) -> Iterator[Sequence[Value]]:
    more = ("delivery__leave_on", "checked_at", "source", "note")
    found = rows.values_list(*_FIELDS, *more).iterator(chunk_size=2000)
    for seq, (*person, result, month_ok, left, at, source, note) in enumerate(found, start=1):
        paid = {True: "是", False: "否", None: "未查"}[month_ok]
        origin = {"STATION": "工作站统计", "CENTRE": "中心更正"}.get(source, "")
        day = timezone.localdate(at) if at else None
        yield (seq, *person, RetentionResult(result).label if result else "", paid, left, day, origin, note)
