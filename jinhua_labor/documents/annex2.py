"""附件2 《累计输送劳动力名册》 and lists in its manner, laid out here rather than by an HTML table.

A table of 1800 cells costs WeasyPrint about as much again as the text in them. So the breaks of pages and lines are
decided here, by the widths of the real fonts, and each page goes to WeasyPrint as a few layers of finished lines.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pikepdf

from .fonts import advance
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
_WIDTH = 182.0
_CELL_PADDING = 0.9
_SAMPLE = 200
_TAB = 2 * 25.4 / 96  # 2 CSS pixels


@dataclass(frozen=True, slots=True)
class Layout:
    """A list of persons on paper: its columns with their widths (millimetres, 182 in all), and the words around it."""

    title: str
    heads: tuple[str, ...]
    columns: tuple[float, ...]
    annex: str = ""
    note: str = ""
    style: str = "annex2"

    @property
    def blank(self) -> tuple[str, ...]:
        """The cells of a row without a person."""
        return ("",) * (len(self.heads) - 1)


ANNEX2 = Layout(
    title="累计输送劳动力名册",
    heads=("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间"),
    columns=(11.0, 23.0, 41.0, 39.0, 39.0, 29.0),
    annex="附件2",
    note="注意：申请设立劳务协作站需已为区内企业累计输送省外劳动力50人以上。",
)


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


class _Layer(NamedTuple):
    """Cells of rows equally high, drawn as one piece of text: `top` and the pitch of its lines in millimetres."""

    top: str
    pitch: str
    text: str


class _Page(NamedTuple):
    rows: list[_Row]  # the first is the heads of the columns


def annex2_pdf(
    head: Annex2Head,
    rows: Iterable[Annex2Row],
    *,
    chunk: int = 300,
    progress: Callable[[int], None] | None = None,
    numbered: bool = True,
) -> bytes:
    """附件2 as a PDF: numbered from 1, the column heads on every page, the notice's note after the last row (R-69).

    Rendered in pieces of whole pages, about `chunk` rows each, so memory does not grow with the list; page numbers run
    on over the pieces and no page between them is left half empty. `progress` is told after each piece how many rows
    are done. Without rows the blank form of the notice comes back. `numbered` False leaves the foot of the pages free:
    the list is bound into a book.
    """
    cells = ((row.name, row.id_number, row.hukou, row.employer, _day(row.entry_on)) for row in rows)
    return list_pdf(ANNEX2, head, cells, chunk=chunk, progress=progress, numbered=numbered)


def list_pdf(
    layout: Layout,
    head: Annex2Head,
    rows: Iterable[Sequence[str]],
    *,
    chunk: int = 300,
    progress: Callable[[int], None] | None = None,
    numbered: bool = True,
) -> bytes:
    """A list of persons as a PDF in the manner of 附件2; `rows` are the cells after the serial number."""
    head_lines = _head_lines(head)
    top = _TITLE + len(head_lines) * _HEAD_LINE
    pieces: list[bytes] = []
    pages_done = rows_done = 0
    pages_of = _paginate(layout, _drawn(layout, rows), first=_PAGE - _NOTE - top)
    for pages, last in _batches(pages_of, chunk):
        context = {
            "layout": layout,
            "unit": head.unit,
            "head_lines": head_lines if not pieces else None,
            "pages": [_for_print(layout, page, number, top) for number, page in enumerate(pages, pages_done + 1)],
            "last": last,
            "numbered": numbered,
        }
        piece, _ = render("annex2.html", context, style=layout.style)
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


def _drawn(layout: Layout, rows: Iterable[Sequence[str]]) -> Iterator[_Row]:
    """The rows in lines. Where more than a tenth of the first ones need two lines, all are at least two lines high:
    an even list reads better, and cells of rows equally high are drawn in one piece."""
    room = [(column - 2 * _CELL_PADDING) / _EM for column in layout.columns]
    numbered = enumerate(rows, 1)
    lowest = 0
    while some := list(itertools.islice(numbered, _SAMPLE)):
        drawn = []
        for number, row in some:
            cells = tuple(map(wrap, (str(number), *row), room))
            drawn.append(_Row(cells, max(map(len, cells))))
        lowest = lowest or (2 if sum(row.lines > 1 for row in drawn) * 10 > len(drawn) else 1)
        yield from (row._replace(lines=max(row.lines, lowest)) for row in drawn)
    if not lowest:
        yield from (_Row(((mark,), *((cell,) for cell in layout.blank)), 1) for mark in "123456789…")


def _paginate(layout: Layout, rows: Iterator[_Row], *, first: float) -> Iterator[_Page]:
    """Whole pages of rows; the first has less room. A row is never divided."""
    head = _Row(tuple((name,) for name in layout.heads), 1)
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


def _for_print(layout: Layout, page: _Page, number: int, top: float) -> dict[str, object]:
    """A page for the template: its rules as one path (millimetres), its text in layers.

    `top` is where the table of the first page begins; the figure of the page stands 6 mm below the type area."""
    ends = list(itertools.accumulate(row.height for row in page.rows))
    edges = [0.0, *itertools.accumulate(layout.columns)]
    path = "".join(f"M0 {y:.2f}H{_WIDTH:g}" for y in (0.0, *ends)) + "".join(f"M{x:g} 0V{ends[-1]:.2f}" for x in edges)
    return {
        "number": number,
        "number_top": f"{_PAGE + 6 - (top if number == 1 else 0):.2f}",
        "height": f"{ends[-1]:.2f}",
        "rules": path,
        "layers": list(_layers(layout, page.rows)),
    }


def _layers(layout: Layout, rows: Sequence[_Row]) -> Iterator[_Layer]:
    """The text of a page: rows that follow each other equally high form a band, in which all cells of one line are a
    layer, all cells of two lines another, and so on. A layer's lines are evenly apart, and each is one run of text:
    WeasyPrint's work goes by the line and the block, and this is a fourth of what cells would be."""
    top = 0.0
    for _, group in itertools.groupby(rows, key=lambda row: row.lines):
        band = list(group)
        height = band[0].height
        for own in sorted({len(cell) for row in band for cell in row.cells}):
            text = "\n".join(_tabbed(layout, row, own, at) for row in band for at in range(own))
            yield _Layer(f"{top:.2f}", f"{height / own:.3f}", text)
        top += len(band) * height


def _tabbed(layout: Layout, row: _Row, own: int, at: int) -> str:
    """Line `at` of the row's cells that have `own` lines, each moved to the middle of its column.

    Ideographic spaces go most of the way, tabs the rest: their stops are half a millimetre apart. The blank between
    them is there because Chinese characters end exactly on a stop, where it would be chance which one is next.
    """
    text, end, left = "", 0.0, 0.0
    blank = advance(" ") * _EM
    for column, cell in zip(layout.columns, row.cells, strict=True):
        if len(cell) == own and cell[at]:
            size = width(cell[at]) * _EM
            start = left + (column - size) / 2
            spaces = max(0, int((start - end - blank) // _EM))
            end += spaces * _EM + blank
            tabs = max(0, round(start / _TAB) - int(end / _TAB))
            text += "\u3000" * spaces + " " + "\t" * tabs + cell[at]
            end = (round(start / _TAB) * _TAB if tabs else end) + size
        left += column
    return text


def _joined(pieces: list[bytes]) -> bytes:
    """One PDF of several; title, language and metadata are those of the first."""
    with pikepdf.open(io.BytesIO(pieces[0])) as whole:
        for piece in pieces[1:]:
            with pikepdf.open(io.BytesIO(piece)) as part:
                whole.pages.extend(part.pages)
        out = io.BytesIO()
        whole.save(out)
    return out.getvalue()
