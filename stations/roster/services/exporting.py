"""Files that leave: 附件2, the working table, the list to ask the insurance with. Purpose asked, journal written."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.errors import Refused
from stations.roster.enums import CountFlag, CountStatus, EmploymentForm, ReasonCode
from stations.roster.workbook.template import COLUMNS, NOTE, TITLE
from stations.roster.workbook.writer import Sheet, Value, write_workbook

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from jinhua_labor.accounts.models import User
    from stations.roster.models import Delivery, RosterList

ANNEX2: Final = "annex2"
WORKING: Final = "working"
QUERY: Final = "query"
LABELS: Final = {ANNEX2: "附件2 名册", WORKING: "工作表（含计入状态与原因）", QUERY: "社保查询名单"}
AT_ONCE: Final = 3000
"""Rows written while the person waits; more are written in the background."""
_WORKING: Final = (
    "序号", "姓名", "身份证号", "户籍", "入职企业", "信用代码", "入职时间", "用工形式", "岗位", "文化程度", "技能等级",
    "证书编号", "离职时间", "计入状态", "原因", "计入日期", "提示",
)  # fmt: skip


def export(*, roster_list: RosterList, rows: QuerySet[Delivery], kind: str, purpose: str, by: User) -> bytes:
    """The rows of a list as .xlsx with full identity numbers as text. Raises Refused without a purpose."""
    if not purpose.strip():
        raise Refused("请写明用途。", problems=(("请写明用途", "#id_purpose"),))
    out = io.BytesIO()
    with transaction.atomic():
        count = write_workbook(out, [_sheet(roster_list, rows, kind)], title=LABELS[kind])
        record(
            by=by,
            action=f"roster.export_{kind}",
            obj=roster_list,
            purpose=purpose.strip(),
            detail={"rows": count},
        )
    return out.getvalue()


def file_name(roster_list: RosterList, kind: str) -> str:
    """What the file is called where it is saved."""
    return f"{roster_list.operator.name}_{LABELS[kind].partition('（')[0].replace(' ', '')}_{today():%Y%m%d}.xlsx"


def _sheet(roster_list: RosterList, rows: QuerySet[Delivery], kind: str) -> Sheet:
    if kind == ANNEX2:
        filled = date_cn(roster_list.filled_on) if roster_list.filled_on else ""
        head = (
            f"填报单位（盖章）：{roster_list.operator.name}　填报日期：{filled}　填表人：{roster_list.filler}"
            f"　联系电话：{roster_list.filler_phone}"
        )
        return Sheet("附件2", COLUMNS, _annex2(rows), (6, 12, 22, 32, 32, 14), (TITLE, head, NOTE))
    if kind == QUERY:
        return Sheet("查询名单", ("序号", "姓名", "身份证号"), _query(rows), (6, 12, 22))
    return Sheet("名册", _WORKING, _working(rows), (6, 12, 22, 28, 28, 22, 12, 10, 12, 10, 12, 18, 12, 8, 30, 12, 16))


def _values(rows: QuerySet[Delivery], *fields: str) -> Iterator[tuple[Any, ...]]:
    yield from rows.order_by("seq", "id").values_list(*fields).iterator(chunk_size=2000)


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
        "employment_form", "post", "education", "skill", "certificate_no", "leave_on", "status", "codes",
        "qualified_on", "flags",
    )  # fmt: skip
    for number, row in enumerate(_values(rows, *fields), start=1):
        *before, form, post, education, skill, certificate, left, status, codes, qualified, flags = row
        yield (
            number,
            *before,
            EmploymentForm(form).label,
            post,
            education,
            skill,
            certificate,
            left,
            CountStatus(status).label,
            "；".join(f"{code} {ReasonCode(code).label}" for code in codes),
            qualified,
            "；".join(CountFlag(flag).label for flag in flags),
        )
