"""Rosters and insurance extracts as people send them: title rows, extra columns, text and serial dates."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from stations.roster.enums import EmploymentForm
from stations.roster.workbook.insurance import PENSION

from .people import Worker

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROSTER_HEADER = (
    "序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间", "岗位", "文化程度", "技能等级", "证书号", "用工形式",
)  # fmt: skip
INSURANCE_HEADER = (
    "姓名", "身份证号", "费款所属期", "险种", "参保地", "缴费单位", "统一社会信用代码", "缴费状态", "到账日期",
)  # fmt: skip


def _file(name: str, sheet: str, rows: Iterable[Sequence[object]]) -> SimpleUploadedFile:
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue(), XLSX)


def roster(
    workers: Iterable[Worker], *, unit: str, filler: str, day: dt.date, more: Iterable[Sequence[object]] = ()
) -> SimpleUploadedFile:
    """附件2 filled in by the unit; `more` are further raw rows of six columns, as they were typed."""
    rows: list[Sequence[object]] = [
        ("累计输送劳动力名册",),
        (f"填报单位（盖章）：{unit}   填报日期：{day.year}年{day.month}月{day.day}日   填表人：{filler}",),
        ROSTER_HEADER,
    ]
    number = 0
    for number, worker in enumerate(workers, 1):
        rows.append(
            (
                number, worker.name, worker.id_number, worker.hukou, worker.employer.name,
                _typed(worker.entry_on, number), worker.post, worker.education, worker.skill, worker.certificate,
                "" if worker.form == EmploymentForm.DIRECT else EmploymentForm(worker.form).label,
            )
        )  # fmt: skip
    rows += [(number + index, *row) for index, row in enumerate(more, 1)]
    return _file("累计输送劳动力名册.xlsx", "附件2", rows)


def _typed(day: dt.date, number: int) -> object:
    """Dates the way hands type them."""
    words = (f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}")
    return (day, *words)[number % 4]


def insurance(workers: Iterable[Worker]) -> SimpleUploadedFile:
    """The extract of 社保经办机构 for these workers, a row a month; who is not insured does not appear."""
    rows = [
        (
            worker.name, worker.id_number, f"{month.month}", PENSION, month.place, month.payer.name,
            month.payer.credit_code, month.status, f"{month.paid_on:%Y-%m-%d}",
        )
        for worker in workers
        for month in worker.months
    ]  # fmt: skip
    return _file("参保缴费明细.xlsx", "参保明细", [INSURANCE_HEADER, *rows])
