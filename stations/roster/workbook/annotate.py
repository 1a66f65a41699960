"""The annotated copy: the upload's columns and row numbers, problems as notes, red fill and a column 「问题」."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from stations.roster.workbook.header import Header
from stations.roster.workbook.problems import WARNING, Problem
from stations.roster.workbook.reader import Cell, Row
from stations.roster.workbook.writer import (
    DATE_FORMAT,
    HEADER_FILL,
    HEADER_FONT,
    TEXT_FORMAT,
    THIN,
    note,
    safe_text,
    text_cell,
)

COLUMN: Final = "问题"
NOTES_MAX: Final = 5_000  # notes are drawn one by one when the file opens; the last column has all of them
_RED: Final = PatternFill("solid", fgColor="FFC7CE")
_YELLOW: Final = PatternFill("solid", fgColor="FFEB9C")
_TEXT_FIELDS: Final = ("id_number", "phone", "cert_no", "name", "hukou", "employer")


def write_annotated(
    out: IO[bytes],
    rows: Iterable[tuple[int, Row]],
    header: Header,
    problems: Iterable[Problem],
    *,
    width: int = 0,
    date1904: bool = False,
) -> int:
    """Writes the copy as .xlsx and returns how many rows carry a problem.

    `rows` are all rows of the sheet from its first on, `width` its used width; `date1904` keeps the days that its bare
    serial numbers mean. A copy corrected and uploaded again is read like the original: its last column is no field.
    """
    stream = iter(rows)
    head = list(islice(stream, header.row))
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    book = Workbook(write_only=True)
    if date1904:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.create_sheet(safe_text(header.sheet_name)[:31] or "附件2")
    last = _width(head, header, width)
    _columns(sheet, header, last)
    sheet.freeze_panes = f"A{header.first_row}"
    text_columns = {at for name, at in header.columns.items() if name in _TEXT_FIELDS}
    notes = written = 0
    expected = 1
    for row_no, row in chain(head, stream):
        while expected < row_no:  # row numbers must be the upload's own
            sheet.append([])
            expected += 1
        expected += 1
        wrong = by_row.get(row_no, [])
        marked = _marked(wrong)
        cells: list[Any] = []
        for at in range(last):
            cell = _cell(sheet, row[at] if at < len(row) else "", as_text=at in text_columns and row_no > header.row)
            if at in marked:
                cell.fill = _YELLOW if all(one.severity == WARNING for one in marked[at]) else _RED
                if notes < NOTES_MAX:
                    cell.comment = note("\n".join(one.message for one in marked[at]))
                    notes += 1
            cells.append(cell)
        if row_no == header.row:
            cells.append(_title(sheet))
        elif wrong:
            cell = text_cell(sheet, "；".join(one.text().partition("：")[2] for one in wrong))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cells.append(cell)
            written += 1
        sheet.append(cells)
    book.save(out)
    return written


def _width(head: Sequence[tuple[int, Row]], header: Header, width: int) -> int:
    titles = next((row for row_no, row in head if row_no == header.row), [])
    if COLUMN in titles:  # an annotated copy comes back: its old column gives way to the new one
        return titles.index(COLUMN)
    return max(width, max(header.columns.values()) + 1, *(len(row) for _, row in head))


def _columns(sheet: Any, header: Header, last: int) -> None:
    for name, at in header.columns.items():
        dimension = sheet.column_dimensions[get_column_letter(at + 1)]
        dimension.width = 22 if name in ("id_number", "hukou", "employer") else 14
        if name in _TEXT_FIELDS:
            dimension.number_format = TEXT_FORMAT  # the corrected number is to stay text
    sheet.column_dimensions[get_column_letter(last + 1)].width = 60


def _title(sheet: Any) -> Any:
    cell = text_cell(sheet, COLUMN)
    cell.font, cell.fill, cell.border = HEADER_FONT, HEADER_FILL, THIN
    return cell


def _marked(problems: list[Problem]) -> Mapping[int, list[Problem]]:
    marked: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.column:
            marked[column_index_from_string(problem.column) - 1].append(problem)
    return marked


def _cell(sheet: Any, value: Cell, *, as_text: bool) -> Any:
    if isinstance(value, tuple):
        cell = WriteOnlyCell(sheet, dt.date(*value))
        cell.number_format = DATE_FORMAT
        return cell
    if isinstance(value, str):
        return text_cell(sheet, value) if value else WriteOnlyCell(sheet, None)
    if as_text:
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        return text_cell(sheet, str(int(value)) if whole else str(value).upper())
    return WriteOnlyCell(sheet, value)
