"""附件2 《累计输送劳动力名册》, laid out here rather than by an HTML table.

A table of 1800 cells costs WeasyPrint about as much again as the text in them. So the breaks of pages and lines are
decided here, by the widths of the real fonts, and each page goes to WeasyPrint as six columns of finished lines.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pikepdf

from .render import render
from .typeset import width, wrap

# Millimetres; the same figures stand in css/annex2.css.
_EM = 10.5 * 25.4 / 72
_PAGE = 257.0  # height between the margins
_NOTE = 8.0  # kept free below the last row of each page: the note may follow it
_TITLE = 23.0  # 附件2 and the title
_HEAD_LINE = 5.5
_LINE = 4.6
_ROW_PADDING = 2.8
_COLUMNS = (11.0, 23.0, 41.0, 39.0, 39.0, 29.0)
_WIDTH = sum(_COLUMNS)
_CELL_PADDING = 0.9
_SAMPLE = 200
_HEADS = ("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间")


@dataclass(frozen=True, slots=True)
class Annex2Head:
    """The line above the table of 附件2."""

    unit: str = ""  # 填报单位（盖章）
    filled_on: dt.date | None = None  # 填报日期
    filled_by: str = ""  # 填表人
    phone: str = ""  # 联系电话


@dataclass(frozen=True, slots=True)
class Annex2Row:
    """One worker of 附件2; the serial number is given by the print."""

    name: str
    id_number: str  # in full: the paper goes into the file, pages show it masked
    hukou: str
    employer: str
    entry_on: dt.date | None


class _Row(NamedTuple):
    """A row as drawn: each cell in its lines; as high as its longest cell."""

    cells: tuple[tuple[str, ...], ...]
    lines: int

    @property
    def height(self) -> float:
        return self.lines * _LINE + _ROW_PADDING


class _Block(NamedTuple):
    """Cells of one column that are drawn as one piece of text."""

    css: str
    text: str


class _Page(NamedTuple):
    rows: list[_Row]  # the first is the heads of the columns


def annex2_pdf(
    head: Annex2Head,
    rows: Iterable[Annex2Row],
    *,
    chunk: int = 300,
    progress: Callable[[int], None] | None = None,
) -> bytes:
    """附件2 as a PDF: numbered from 1, the column heads on every page, the notice's note after the last row (R-69).

    Rendered in pieces of whole pages, about `chunk` rows each, so memory does not grow with the list; page numbers run
    on over the pieces and no page between them is left half empty. `progress` is told after each piece how many rows
    are done. Without rows the blank form of the notice comes back.
    """
    head_lines = _head_lines(head)
    top = _TITLE + len(head_lines) * _HEAD_LINE
    pieces: list[bytes] = []
    pages_done = rows_done = 0
    for pages, last in _batches(_paginate(_drawn(rows), first=_PAGE - _NOTE - top), chunk):
        context = {
            "unit": head.unit,
            "head_lines": head_lines if not pieces else None,
            "pages": [_for_print(page) for page in pages],
            "pages_before": pages_done,
            "sizes": _sizes(pages),
            "last": last,
        }
        piece, _ = render("annex2.html", context, style="annex2")
        pieces.append(piece)
        pages_done += len(pages)
        rows_done += sum(len(page.rows) - 1 for page in pages)
        if progress is not None:
            progress(rows_done)
    return pieces[0] if len(pieces) == 1 else _joined(pieces)


def _head_lines(head: Annex2Head) -> list[list[str]]:
    """The head in one line as in the notice, or, where the unit's name is too long for that, in several."""
    unit = f"填报单位（盖章）：{head.unit}"
    others = [f"填报日期：{_day(head.filled_on)}", f"填表人：{head.filled_by}", f"联系电话：{head.phone}"]
    room = _WIDTH / _EM
    if sum(width(item) + 2 for item in (unit, *others)) <= room:
        return [[unit, *others]]
    return [*([line] for line in wrap(unit, room)), others]


def _day(day: dt.date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _drawn(rows: Iterable[Annex2Row]) -> Iterator[_Row]:
    """The rows in lines. Where more than a tenth of the first ones need two lines, all are at least two lines high:
    an even list reads better, and cells of rows equally high are drawn in one piece."""
    room = [(column - 2 * _CELL_PADDING) / _EM for column in _COLUMNS]
    numbered = enumerate(rows, 1)
    lowest = 0
    while some := list(itertools.islice(numbered, _SAMPLE)):
        drawn = []
        for number, row in some:
            texts = (str(number), row.name, row.id_number, row.hukou, row.employer, _day(row.entry_on))
            cells = tuple(map(wrap, texts, room))
            drawn.append(_Row(cells, max(map(len, cells))))
        lowest = lowest or (2 if sum(row.lines > 1 for row in drawn) * 10 > len(drawn) else 1)
        yield from (row._replace(lines=max(row.lines, lowest)) for row in drawn)
    if not lowest:
        yield from (_Row(((mark,), *[("",)] * 5), 1) for mark in "123456789…")


def _paginate(rows: Iterator[_Row], *, first: float) -> Iterator[_Page]:
    """Whole pages of rows; the first has less room. A row is never divided."""
    head = _Row(tuple((name,) for name in _HEADS), 1)
    page, used, room = [head], head.height, first
    for row in rows:
        if used + row.height > room and len(page) > 1:
            yield _Page(page)
            page, used, room = [head], head.height, _PAGE - _NOTE
        page.append(row)
        used += row.height
    yield _Page(page)


def _batches(pages: Iterator[_Page], rows: int) -> Iterator[tuple[Sequence[_Page], bool]]:
    """Pages grouped until about `rows` rows are together, each group with whether it is the last."""
    batch: list[_Page] = []
    following = next(pages, None)
    while following is not None:
        batch.append(following)
        following = next(pages, None)
        if following is None or sum(len(page.rows) - 1 for page in batch) >= rows:
            yield batch, following is None
            batch = []


def _for_print(page: _Page) -> dict[str, object]:
    """A page for the template: its rules as one path (millimetres), its text as one list of blocks per column."""
    ends = list(itertools.accumulate(row.height for row in page.rows))
    edges = [0.0, *itertools.accumulate(_COLUMNS)]
    path = "".join(f"M0 {y:.2f}H{_WIDTH:g}" for y in (0.0, *ends)) + "".join(f"M{x:g} 0V{ends[-1]:.2f}" for x in edges)
    return {
        "height": f"{ends[-1]:.2f}",
        "rules": path,
        "columns": [_blocks(page.rows, at) for at in range(len(_COLUMNS))],
    }


def _blocks(rows: Sequence[_Row], at: int) -> list[_Block]:
    """The cells of a column: those that follow each other with the same number of lines are one piece of text."""
    return [
        _Block(f"r{lines}-{own}", "\n".join("\n".join(row.cells[at]) for row in group))
        for (lines, own), group in itertools.groupby(rows, key=lambda row: (row.lines, len(row.cells[at])))
    ]


def _sizes(pages: Sequence[_Page]) -> list[dict[str, str]]:
    """The style rules of the blocks on these pages: the lines of a cell share the height of its row evenly."""
    kinds = {(row.lines, len(cell)) for page in pages for row in page.rows for cell in row.cells}
    return [
        {"css": f"r{lines}-{own}", "line": f"{(lines * _LINE + _ROW_PADDING) / own:.3f}"}
        for lines, own in sorted(kinds)
    ]


def _joined(pieces: list[bytes]) -> bytes:
    """One PDF of several; title, language and metadata are those of the first."""
    with pikepdf.open(io.BytesIO(pieces[0])) as whole:
        for piece in pieces[1:]:
            with pikepdf.open(io.BytesIO(piece)) as part:
                whole.pages.extend(part.pages)
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()
