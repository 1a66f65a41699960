"""The one door by which workbooks leave: every string a text cell, never a formula, never a rounded number."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

TEXT_FORMAT: Final = "@"
DATE_FORMAT: Final = "yyyy-mm-dd"
CELL_MAX: Final = 32_767
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
HEADER_FONT: Final = Font(bold=True)
HEADER_FILL: Final = PatternFill("solid", fgColor="F3F4F6")
THIN: Final = Border(*(Side(style="thin", color="999999"),) * 4)
CENTRED: Final = Alignment(horizontal="center", vertical="center", wrap_text=True)

Value = str | int | float | Decimal | bool | dt.date | dt.datetime | None


def safe_text(value: str) -> str:
    """The string as a cell can hold it: without the characters XML forbids, at most 32 767 long."""
    return _ILLEGAL.sub("", value)[:CELL_MAX]


def text_cell(sheet: Any, value: str) -> Any:
    """A text cell, whatever the string starts with: the spreadsheet shows it and never computes it."""
    text = safe_text(value)
    if not text:
        return WriteOnlyCell(sheet, None)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes a leading = for a formula
    cell.number_format = TEXT_FORMAT
    if text.startswith(_FORMULA_SIGNS):
        cell.quotePrefix = True  # stays text when a person opens the cell and presses Enter
    return cell


def value_cell(sheet: Any, value: Value) -> Any:
    """A cell of the value's own kind: text, number, or date; a moment loses its zone (the sheet has none)."""
    if isinstance(value, str):
        return text_cell(sheet, value)
    if isinstance(value, dt.datetime):
        cell = WriteOnlyCell(sheet, value.replace(tzinfo=None))
        cell.number_format = "yyyy-mm-dd hh:mm"
        return cell
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, dt.date):
        cell.number_format = DATE_FORMAT
    return cell


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of an export: name, column titles with their widths in characters, rows, lines above the titles.

    `mark` says whose copy it is: it stands at the foot of every printed page.
    """

    name: str
    titles: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[float] = ()
    above: Sequence[str] = ()
    mark: str = ""


def write_workbook(out: IO[bytes], sheets: Sequence[Sheet], *, title: str = "") -> int:
    """Writes the sheets as .xlsx, streaming; returns how many rows of data were written.

    Titles stay in view while scrolling and carry a filter. Full identity numbers and telephone numbers are to be handed
    in as strings.
    """
    book = Workbook(write_only=True)
    book.properties.title = safe_text(title) or None
    book.properties.creator = ""
    count = 0
    for one in sheets:
        sheet = book.create_sheet(_sheet_name(one.name))
        for index, width in enumerate(one.widths, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        if one.mark:
            sheet.oddFooter.left.text = safe_text(one.mark).replace("&", "&&")[:200]
            sheet.oddFooter.right.text = "&P/&N"
        sheet.freeze_panes = f"A{len(one.above) + 2}"
        for line in one.above:
            sheet.append([text_cell(sheet, line)])
        sheet.append([_title_cell(sheet, name) for name in one.titles])
        written = 0
        for row in one.rows:
            sheet.append([value_cell(sheet, value) for value in row])
            written += 1
        head = len(one.above) + 1
        if one.titles:
            sheet.auto_filter.ref = f"A{head}:{get_column_letter(len(one.titles))}{head + written}"
        count += written
    book.save(out)
    return count


def _title_cell(sheet: Any, name: str) -> Any:
    cell = text_cell(sheet, name)
    cell.font, cell.fill, cell.border, cell.alignment = HEADER_FONT, HEADER_FILL, THIN, CENTRED
    return cell


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", safe_text(name))[:31].strip("'") or "Sheet1"


def note(text: str) -> Comment:
    """A cell note, sized for a sentence or two."""
    comment = Comment(safe_text(text), "系统核对")
    comment.width, comment.height = 320, max(60, 24 * (1 + len(text) // 20))
    return comment
