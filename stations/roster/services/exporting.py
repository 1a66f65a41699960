"""Files that leave: 附件2, the working table, the list to ask the insurance with. Purpose asked, journal written."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now, today
from jinhua_labor.core.dates import date_cn, datetime_cn
from jinhua_labor.core.errors import Refused
from stations.roster.enums import CountFlag, CountStatus, EmploymentForm, LeaveReason, ReasonCode
from stations.roster.workbook.template import COLUMNS, NOTE, TITLE
from stations.roster.workbook.writer import Sheet, Value, write_workbook

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jinhua_labor.accounts.models import User
    from jinhua_labor.policy.periods import Period
    from stations.registry.models import Station
    from stations.roster.models import Delivery, RosterList

ANNEX2: Final = "annex2"
WORKING: Final = "working"
QUERY: Final = "query"
LABELS: Final = {ANNEX2: "附件2 名册", WORKING: "工作表（含计入状态与原因）", QUERY: "社保查询名单"}
AT_ONCE: Final = 3000
"""Rows written while the person waits; more are written in the background."""
_WORKING: Final = (
    "序号", "姓名", "身份证号", "户籍", "入职企业", "信用代码", "入职时间", "用工形式", "岗位", "文化程度", "技能等级",
    "证书编号", "离职时间", "离职原因", "计入状态", "原因", "计入日期", "提示",
)  # fmt: skip
_ANNEX2_WIDTHS: Final = (6, 12, 22, 32, 32, 14)
_WORKING_WIDTHS: Final = (6, 12, 22, 28, 28, 22, 12, 10, 12, 10, 12, 18, 12, 12, 8, 30, 12, 16)
Progress = Callable[[int], None]


def export(*, roster_list: RosterList, rows: QuerySet[Delivery], kind: str, purpose: str, by: User) -> bytes:
    """The rows of a list as .xlsx with full identity numbers as text. Raises Refused without a purpose."""
    if not purpose.strip():
        raise Refused("请写明用途。", problems=(("请写明用途", "#id_purpose"),))
    filled = date_cn(roster_list.filled_on) if roster_list.filled_on else ""
    head = (
        f"填报单位（盖章）：{roster_list.operator.name}　填报日期：{filled}　填表人：{roster_list.filler}"
        f"　联系电话：{roster_list.filler_phone}"
    )
    return _written(_sheet(rows.order_by("seq", "id"), kind, head, by), kind, roster_list, purpose, by, {})


def export_year(
    *,
    station: Station,
    period: Period,
    rows: QuerySet[Delivery],
    kind: str,
    purpose: str,
    by: User,
    progress: Progress | None = None,
) -> bytes:
    """The rows of a station's year as .xlsx: 附件2 or the working table. Raises Refused without a purpose."""
    if not purpose.strip():
        raise Refused("请写明用途。", problems=(("请写明用途", "#id_purpose"),))
    roster = getattr(station, "roster", None)
    head = (
        f"填报单位（盖章）：{station.operator.name}　填报日期：{date_cn(today())}"
        f"　填表人：{roster.filler if roster else ''}　联系电话：{roster.filler_phone if roster else ''}"
    )
    sheet = _sheet(rows.order_by("entry_on", "seq", "id"), kind, head, by, progress)
    return _written(sheet, kind, station, purpose, by, {"year": period.number})


def _written(
    sheet: Sheet, kind: str, obj: RosterList | Station, purpose: str, by: User, detail: dict[str, Any]
) -> bytes:
    out = io.BytesIO()
    with transaction.atomic():
        count = write_workbook(out, [sheet], title=LABELS[kind])
        record(
            by=by, action=f"roster.export_{kind}", obj=obj, purpose=purpose.strip(), detail={"rows": count, **detail}
        )
    return out.getvalue()


def watermark(by: User) -> str:
    """Whose copy a file with identity numbers is, and since when."""
    unit = by.organisation.name if by.organisation is not None else ""
    return f"导出人：{unit}{by.name}　导出时间：{datetime_cn(now())}　含个人信息，仅限申明的用途使用"


def year_file_name(station: Station, period: Period, kind: str) -> str:
    """What the file of a year is called where it is saved."""
    year = f"第{period.number}年度" if period.number else "设立以前"
    return f"{station.number}_{year}_{LABELS[kind].partition('（')[0].replace(' ', '')}_{today():%Y%m%d}.xlsx"


def file_name(roster_list: RosterList, kind: str) -> str:
    """What the file is called where it is saved."""
    return f"{roster_list.operator.name}_{LABELS[kind].partition('（')[0].replace(' ', '')}_{today():%Y%m%d}.xlsx"


def _sheet(rows: QuerySet[Delivery], kind: str, head: str, by: User, progress: Progress | None = None) -> Sheet:
    mark = watermark(by)
    if kind == ANNEX2:
        return Sheet("附件2", COLUMNS, _told(_annex2(rows), progress), _ANNEX2_WIDTHS, (TITLE, head, NOTE, mark), mark)
    if kind == QUERY:
        return Sheet("查询名单", ("序号", "姓名", "身份证号"), _query(rows), (6, 12, 22), (), mark)
    return Sheet("名册", _WORKING, _told(_working(rows), progress), _WORKING_WIDTHS, (mark,), mark)


def _told(rows: Iterator[Sequence[Value]], progress: Progress | None) -> Iterator[Sequence[Value]]:
    """The rows as they are, the number told now and then."""
    for number, row in enumerate(rows, start=1):
        if progress is not None and number % 500 == 0:
            progress(number)
        yield row


def _values(rows: QuerySet[Delivery], *fields: str) -> Iterator[tuple[Any, ...]]:
    yield from rows.values_list(*fields).iterator(chunk_size=2000)


def _annex2(rows: QuerySet[Delivery]) -> Iterator[Sequence[Value]]:
    fields = ("name", "person__id_number", "hukou_text", "employer__name", "entry_on")
    for number, row in enumerate(_values(rows, *fields), start=1):
        yield (number, *row)


def _query(rows: QuerySet[Delivery]) -> Iterator[Sequence[Value]]:
    asked: set[str] = set()
    for name, number in _values(rows, "name", "person__id_number"):
        if number not in asked:
            asked.add(number)
            yield (len(asked), name, number)


def _working(rows: QuerySet[Delivery]) -> Iterator[Sequence[Value]]:
    fields = (
        "name", "person__id_number", "hukou_text", "employer__name", "employer__credit_code", "entry_on",
        "employment_form", "post", "education", "skill", "certificate_no", "leave_on", "leave_reason", "status",
        "codes", "qualified_on", "flags",
    )  # fmt: skip
    for number, row in enumerate(_values(rows, *fields), start=1):
        *before, form, post, education, skill, certificate, left, why, status, codes, qualified, flags = row
        yield (
            number,
            *before,
            EmploymentForm(form).label,
            post,
            education,
            skill,
            certificate,
            left,
            LeaveReason(why).label if why else "",
            CountStatus(status).label,
            "；".join(f"{code} {ReasonCode(code).label}" for code in codes),
            qualified,
            "；".join(CountFlag(flag).label for flag in flags),
        )
