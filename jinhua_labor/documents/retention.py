"""省外务工人员留用名册 (第六条（四）7) on paper, in the manner of 附件2."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .annex2 import Annex2Head, Layout, list_pdf

RETENTION = Layout(
    title="省外务工人员留用名册",
    heads=("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间", "统计日期", "结果"),
    columns=(10.0, 19.0, 36.5, 29.5, 29.5, 20.25, 20.25, 17.0),
    annex="台账第7项",
    note="入职6个月后统计一次。结果栏空白的尚未统计；“参保待核”的，该月由企业缴纳社会保险尚未核实。",
)


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One worker of 留用名册; the serial number is given by the print."""

    name: str
    id_number: str  # in full: the paper goes into the ledger, pages show it masked
    hukou: str
    employer: str
    entry_on: dt.date
    check_on: dt.date
    result: str


def retention_pdf(
    head: Annex2Head, rows: Iterable[RetentionRow], *, progress: Callable[[int], None] | None = None
) -> bytes:
    """留用名册 as a PDF: numbered from 1, column heads on every page, in pieces so that memory does not grow."""
    cells = (
        (
            row.name,
            row.id_number,
            row.hukou,
            row.employer,
            row.entry_on.isoformat(),
            row.check_on.isoformat(),
            row.result,
        )
        for row in rows
    )
    return list_pdf(RETENTION, head, cells, progress=progress)
