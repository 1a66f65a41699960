"""The payment sheet (拨付表) as .xlsx in the office's layout, and the rows of the sheet that comes back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook as Book
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.money import capitals
from stations.roster.workbook.cells import date_message, read_date, read_text, text_of
from stations.roster.workbook.header import Field, Header, HeaderMissing, locate
from stations.roster.workbook.limits import MIB, Limits
from stations.roster.workbook.reader import Row, SheetInfo, Workbook
from stations.roster.workbook.writer import CENTRED, HEADER_FILL, HEADER_FONT, TEXT_FORMAT, THIN, safe_text
from subsidies.payments.rules.cells import read_amount, read_said
from subsidies.payments.rules.layout import KNOWN, Column
from subsidies.payments.rules.numbers import find_numbers
from subsidies.payments.rules.reconcile import Told

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMITS: Final = Limits("拨付结果表", 2 * MIB, 2_000, 32 * MIB)
MONEY: Final = "#,##0.00"
_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
_SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    "seq": ("编号", "序"),
    "batch": ("批次", "拨付批次", "批号", "拨付批次号"),
    "payee": ("收款人", "收款人全称", "收款人名称", "户名", "收款单位名称", "收款单位全称", "单位名称", "承建单位"),
    "amount": ("金额", "拨付金额", "应拨金额", "实拨金额", "支付金额", "金额元"),
    "result": ("结果", "支付结果", "处理结果", "状态", "支付状态", "拨付状态"),
    "voucher": ("凭证编号", "拨付凭证号", "支付凭证号", "凭证"),
    "paid_on": ("日期", "支付日期", "处理日期", "到账日期", "拨付时间", "退票日期"),
    "reason": ("原因", "失败原因", "退回原因", "退票理由"),
}
_REQUIRED: Final = ("payee", "amount")
_TOTALS: Final = ("合计", "总计", "小计", "大写", "制表", "审核", "经办", "负责人")


@dataclass(frozen=True, slots=True)
class PaymentSheet:
    """What the sheet says: its batch, and per payment the value of every column it knows."""

    title: str
    number: str
    office: str
    issued_on: dt.date
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, str | int | Decimal]]
    signatures: Sequence[str]

    @property
    def total(self) -> Decimal:
        return sum((Decimal(row["amount"]) for row in self.rows), Decimal(0))


def payment_sheet(sheet: PaymentSheet) -> bytes:
    """The .xlsx: title, batch, the rows, the sum in figures and capitals, lines to sign; one A4 page wide across.

    Every string is a text cell, whatever it begins with; account numbers keep all their digits.
    """
    book = Book()
    page = book.active
    if not isinstance(page, Worksheet):
        raise TypeError("a new workbook starts with a worksheet")
    page.title = "拨付表"
    last = len(sheet.columns)
    _line(page, 1, last, sheet.title, font=Font(bold=True, size=16), alignment=CENTRED)
    page.row_dimensions[1].height = 30
    head = f"批次号：{sheet.number}　　{sheet.office}　　日期：{date_cn(sheet.issued_on)}　　共 {len(sheet.rows)} 笔"
    _line(page, 2, last, head)
    for at, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(at)].width = column.width
        cell = _text(page, 3, at, column.title)
        cell.font, cell.fill, cell.border, cell.alignment = HEADER_FONT, HEADER_FILL, THIN, CENTRED
    for number, row in enumerate(sheet.rows, 4):
        for at, column in enumerate(sheet.columns, 1):
            _value(page, number, at, column, row.get(column.name, ""))
    below = len(sheet.rows) + 4
    _sum(page, below, sheet)
    _line(page, below + 1, last, f"合计人民币（大写）：{capitals(sheet.total)}", font=HEADER_FONT)
    for step, name in enumerate(sheet.signatures):
        _line(page, below + 3 + step * 2, last, f"{name}：　　　　　　　　　　　　年　　月　　日")
    page.freeze_panes = "A4"
    page.print_title_rows = "3:3"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", "9"
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.left.text = safe_text(f"批次 {sheet.number}").replace("&", "&&")
    page.oddFooter.right.text = "&P/&N"
    book.properties.title, book.properties.creator = sheet.title, ""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(page: Worksheet, row: int, at: int, value: str) -> Any:
    cell = page.cell(row, at)
    text = safe_text(value)
    if text:
        cell.value = text
        cell.data_type = "s"  # openpyxl takes a leading = for a formula
        if text.startswith(_SIGNS):
            cell.quotePrefix = True  # stays text when a person opens the cell and presses Enter
    cell.number_format = TEXT_FORMAT
    return cell


def _line(page: Worksheet, row: int, last: int, text: str, **look: Any) -> None:
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=last)
    cell = _text(page, row, 1, text)
    for name, value in look.items():
        setattr(cell, name, value)


def _value(page: Worksheet, row: int, at: int, column: Column, value: str | int | Decimal) -> None:
    if column.kind in ("money", "number") and not isinstance(value, str):
        cell: Any = page.cell(row, at)
        cell.value = value
        cell.number_format = MONEY if column.kind == "money" else "0"
    else:
        cell = _text(page, row, at, str(value))
    cell.border = THIN
    cell.alignment = Alignment(
        vertical="center", wrap_text=True, horizontal="right" if column.kind == "money" else None
    )


def _sum(page: Worksheet, row: int, sheet: PaymentSheet) -> None:
    for at, column in enumerate(sheet.columns, 1):
        cell = page.cell(row, at)
        cell.border, cell.font = THIN, HEADER_FONT
        if column.name == "amount":
            cell.value, cell.number_format = sheet.total, MONEY
        elif at == 1:
            cell.value = "合计"


def fields(columns: Sequence[Column]) -> tuple[Field, ...]:
    """The columns looked for in what comes back: the office's own titles first, then the words banks use."""
    titles = {column.name: column.title for column in columns}
    return tuple(
        Field(
            # The header is found by the payee; its reader calls the column that names whom a row is about 「name」.
            "name" if name == "payee" else name,
            titles.get(name, KNOWN[name].title).partition("（")[0],
            (KNOWN[name].title.partition("（")[0], *words),
            name in _REQUIRED,
            loose=name not in _REQUIRED,
        )
        for name, words in _SYNONYMS.items()
    )


def read_result(data: bytes, columns: Sequence[Column]) -> list[Told]:
    """The rows of a result sheet. Raises WorkbookRefused or HeaderMissing for what is no such sheet.

    A row without a batch number takes the one that stands above the table, where there is exactly one.
    """
    with Workbook(data, LIMITS) as book:
        header, *others = locate(book.sheets, fields(columns), what="拨付结果表", key="name")
        if others:
            names = "、".join(f"「{one.sheet_name}」" for one in (header, *others))
            raise HeaderMissing("several", f"{names}都是拨付结果表，请合到一张工作表里再上传，免得只登记一部分。")
        above = _numbers_above(next(one for one in book.sheets if one.number == header.sheet), header)
        fallback = above[0] if len(above) == 1 else ""
        date1904 = bool(book.checked and book.checked.date1904)
        return [
            told
            for number, row in book.rows(header.sheet)
            if number >= header.first_row and (told := _told(number, row, header, fallback, date1904)) is not None
        ]


def _numbers_above(sheet: SheetInfo, header: Header) -> list[str]:
    found: dict[str, None] = {}
    for row in sheet.head[: header.row - 1]:
        for value in row:
            found.update(dict.fromkeys(find_numbers(text_of(value))))
    return list(found)


def _told(number: int, row: Row, header: Header, fallback: str, date1904: bool) -> Told | None:
    """The row as it speaks; None for an empty one, the sum and the lines to sign."""
    faults: list[str] = []

    def cell(name: str) -> object:
        at = header.columns.get(name)
        return "" if at is None or at >= len(row) else row[at]

    def words(name: str, label: str, longest: int) -> str:
        text, fault = read_text(cell(name), label, longest)
        faults.extend([fault] if fault else [])
        return text

    first = next((text for value in row if (text := text_of(value).strip())), "")
    payee = words("name", "收款单位", 100)
    if not payee and (cell("amount") == "" or first.startswith(_TOTALS)):
        return None
    if payee.startswith(_TOTALS[:4]):
        return None
    voucher, reason = words("voucher", "凭证号", 40), words("reason", "退票原因", 200)
    result = words("result", "拨付结果", 20)
    numbers = find_numbers(text_of(cell("batch")))
    typed = text_of(cell("batch")).strip()
    day = read_date(cell("paid_on"), date1904=date1904)
    if isinstance(day, str) and day != "date_empty":
        faults.append(date_message(day, "日期", cell("paid_on")))
    amount, written = read_amount(cell("amount")), text_of(cell("amount")).strip()
    if amount is None and written:
        faults.append(f"金额「{written[:30]}」不是以元计的数字。")
    seq = text_of(cell("seq")).strip()
    return Told(
        row=number,
        batch=numbers[0] if numbers else typed[:40] or fallback,
        payee=payee,
        amount=amount,
        said=read_said(result, voucher=voucher, reason=reason),
        voucher=voucher,
        on=None if isinstance(day, str) else day,
        reason=reason,
        seq=int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 7 else None,
        unread="".join(faults)[:300],
    )
