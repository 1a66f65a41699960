"""The year's ledger as a book: cover, contents, the items with their lists and papers, running page numbers.

The pieces are rendered apart and joined by pikepdf; page numbers and the code that leads back to the entry are laid
over the joined pages, so a scanned paper in the middle carries them too.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pikepdf
from PIL import Image

from .official import day
from .qr import code
from .render import render

_POINT = 72 / 25.4  # of a millimetre
_A4 = (210 * _POINT, 297 * _POINT)
_BOX = pikepdf.Rectangle(18 * _POINT, 27 * _POINT, 192 * _POINT, 285 * _POINT)  # where a paper of other size stands
_ROWS = 400  # of a table in one piece
_FOOTS = 200  # pages whose numbers are rendered at once
_DPI = 150


@dataclass(frozen=True, slots=True)
class LedgerCover:
    """What the cover says."""

    station: str
    station_number: str
    operator: str
    area: str
    number: int  # 第几年度
    start: dt.date
    end: dt.date
    made_on: dt.date


@dataclass(frozen=True, slots=True)
class LedgerPaper:
    """A paper that is bound in: a PDF or a picture, named in the contents."""

    title: str
    content: Callable[[], bytes]  # read when its turn comes: a year of papers need not fit into memory
    kind: str = "pdf"  # pdf, jpeg, png
    own: bool = False  # a print of ours that leaves the foot of its pages free


@dataclass(frozen=True, slots=True)
class LedgerSection:
    """One of the eight items: a table, then papers; `url` leads back to it in the portal."""

    title: str
    url: str
    columns: tuple[tuple[str, int], ...]  # name and width in millimetres, 174 together
    rows: Iterable[tuple[str, ...]]
    note: str = ""
    empty: str = "本年度没有登记。"
    papers: tuple[LedgerPaper, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Bound:
    """Pages of the book: `first` is the index of the first, `title` what the foot says."""

    title: str
    url: str
    first: int
    level: int


def ledger_book(
    cover: LedgerCover,
    sections: Sequence[LedgerSection],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[bytes, int]:
    """The book as a PDF, and its number of pages. The cover carries no number; the contents begin with page 1.

    `progress` is told (sections done, sections) after each. Papers keep their proportions; a larger one is made
    smaller so that number and code stand free below it.
    """
    body = pikepdf.new()
    bound: list[_Bound] = []
    for done, section in enumerate(sections, 1):
        _bind(body, section, bound)
        if progress is not None:
            progress(done, len(sections))
    context = {"cover": cover, "period": f"{day(cover.start)}至{day(cover.end)}", "made": day(cover.made_on)}
    _, listed = render("ledger_contents.html", {"lines": _lines(bound, 0)}, style="ledger")
    contents, _ = render("ledger_contents.html", {"lines": _lines(bound, listed)}, style="ledger")
    front, _ = render("ledger_cover.html", context, style="ledger")
    book = pikepdf.new()
    for piece in (front, contents):
        with pikepdf.open(io.BytesIO(piece)) as opened:
            book.pages.extend(opened.pages)
    book.pages.extend(body.pages)
    _number(book, bound, listed)
    with book.open_outline() as outline:
        for one in bound:
            if one.level == 0:
                outline.root.append(pikepdf.OutlineItem(one.title, one.first + 1 + listed))
    with book.open_metadata() as metadata:
        metadata["dc:title"] = f"{cover.station}第{cover.number}年度工作台账"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), len(book.pages)


def _bind(body: pikepdf.Pdf, section: LedgerSection, bound: list[_Bound]) -> None:
    bound.append(_Bound(section.title, section.url, len(body.pages), 0))
    for piece in _tables(section):
        with pikepdf.open(io.BytesIO(piece)) as opened:
            body.pages.extend(opened.pages)
    for paper in section.papers:
        bound.append(_Bound(paper.title, section.url, len(body.pages), 1))
        content = paper.content()
        with pikepdf.open(io.BytesIO(content if paper.kind == "pdf" else _picture(content))) as opened:
            for page in opened.pages:
                if paper.own:
                    body.pages.append(page)
                else:
                    body.add_blank_page(page_size=_A4).add_overlay(page, _BOX, expand=False)


def _tables(section: LedgerSection) -> Iterator[bytes]:
    """The section's table in pieces of about 400 rows; the title stands on the first, the signatures on the last."""
    rows = iter(section.rows)
    first, last = True, False
    chunk = list(itertools.islice(rows, _ROWS))
    while not last:
        following = list(itertools.islice(rows, _ROWS))
        last = not following
        context = {"section": section, "rows": chunk, "first": first, "last": last}
        yield render("ledger_section.html", context, style="ledger")[0]
        first, chunk = False, following


def _lines(bound: Sequence[_Bound], listed: int) -> list[dict[str, object]]:
    return [{"title": one.title, "level": one.level, "page": one.first + 1 + listed} for one in bound]


def _number(book: pikepdf.Pdf, bound: Sequence[_Bound], listed: int) -> None:
    """Lays number, title and code over every page but the cover."""
    feet = []
    for index in range(1, len(book.pages)):
        inside = index - 1 - listed
        at = max(
            (one for one in bound if one.first <= inside and one.level == 0), key=lambda one: one.first, default=None
        )
        feet.append({"number": index, "title": at.title if at else "目录", "code": code(at.url) if at else None})
    for start in range(0, len(feet), _FOOTS):
        overlay, _ = render("ledger_feet.html", {"feet": feet[start : start + _FOOTS]}, style="ledger_feet")
        with pikepdf.open(io.BytesIO(overlay)) as opened:
            for offset, foot in enumerate(opened.pages):
                book.pages[1 + start + offset].add_overlay(foot)


def _picture(content: bytes) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(content)) as image:
        image.convert("RGB").save(out, "PDF", resolution=_DPI)
    return out.getvalue()
