"""Documents that go out under the office's name, after GB/T 9704-2012 《党政机关公文格式》.

The portal draws no seal: the place for it is left, the office seals the print or its own file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from weasyprint import Document

from .render import render
from .typeset import CELL, CELLS, EM, balanced, paragraph, width

BUREAU = "金华市金东区人力资源和社会保障局"  # 发文机关
_BLANK_DATE = "　　　年　　月　　日"
_BLANK_PRINTED = "　　年　月　日"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body. Level 1 一、(黑体), 2 （一）(楷体), 3 1. and 4 （1）(仿宋); 0 is plain text.

    The number is part of the text.
    """

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class StationLine:
    """One station of an establishing document (R-19)."""

    name: str
    operator: str  # 承建单位
    area: str  # 协作地区
    term_end: dt.date | None  # 经营期限


@dataclass(frozen=True, slots=True)
class Column:
    """Head and width in mm of one column of a table; 版心 is 156 mm wide."""

    head: str
    width: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document: its columns, and the text of each cell; a line break in it is kept."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Appendix:
    """An 附件 printed behind the body, on a page of its own."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """A 公文 in the order in which it is printed. Without number and date it is the draft with their blanks."""

    title: str  # a line break in it divides the title where its sense does
    main_to: str  # 主送机关, without the colon
    blocks: tuple[Block, ...]
    doc_no: str = ""  # 发文字号, normalised
    issued_on: dt.date | None = None  # 成文日期
    issuer: str = BUREAU
    office_code: str = "金东人社"  # 机关代字, for the blank of a draft
    appendices: tuple[Appendix, ...] = ()
    note: str = ""  # 附注, without the brackets
    cc: str = ""  # 抄送机关
    print_office: str = BUREAU + "办公室"  # 印发机关
    printed_on: dt.date | None = None  # 印发日期

    @property
    def copies(self) -> str:
        """抄送机关 as 版记 prints them, ended by one 。"""
        return f"{self.cc.rstrip('。')}。" if self.cc else ""

    @property
    def mark(self) -> str:
        """发文机关标志."""
        return f"{self.issuer}文件"

    @property
    def number(self) -> str:
        return self.doc_no or f"{self.office_code}〔　　　　〕　　号"

    @property
    def date(self) -> str:
        return day(self.issued_on)


_STATIONS = (
    Column("序号", 12),
    Column("工作站名称", 44),
    Column("承建单位", 44),
    Column("协作地区", 30),
    Column("经营期限", 26),
)


def station_table(stations: Sequence[StationLine]) -> Table:
    """The stations of a document, numbered."""
    rows = []
    for number, row in enumerate(stations, 1):
        end = row.term_end
        term = f"至{end.year}年\n{end.month}月{end.day}日" if end else ""
        rows.append((str(number), row.name, row.operator, row.area, term))
    return Table(_STATIONS, tuple(rows))


def day(date: dt.date | None) -> str:
    """成文日期 in Arabic figures without leading zeros, or the blank a pen fills."""
    return f"{date.year}年{date.month}月{date.day}日" if date else _BLANK_DATE


def official_document_pdf(document: OfficialDocument) -> bytes:
    """The document as a PDF: red head, body on a grid of 22 lines of 28 characters, 版记 at the foot of the last page.

    The 版记 stands on an even page (双面印刷), so a document of an odd number of pages gets one more.
    """
    context = {
        "document": document,
        "mark_size": f"{mark_size(document.mark):.2f}",
        "mark_squeeze": f"{mark_squeeze(document.mark):.3f}",
        "title": balanced(document.title, 156 / (22 * 25.4 / 72) - 0.5),
        "main_to": paragraph(f"{document.main_to.rstrip('：:')}：", indent=0) if document.main_to else (),
        "blocks": typeset_blocks(document.blocks),
        "attached": attached_lines(document.appendices),
        "appendices": [
            {
                "label": "附件" if len(document.appendices) == 1 else f"附件{number}",
                "title": balanced(appendix.title, 19.6),
                "blocks": typeset_blocks(appendix.blocks),
            }
            for number, appendix in enumerate(document.appendices, 1)
        ],
        "signature": signature(document.issuer, document.date),
        "note": paragraph(f"（{document.note}）") if document.note else (),
        "colophon_break": "page",
        "printed": f"{day(document.printed_on) if document.printed_on else _BLANK_PRINTED}印发",
    }
    return render("official.html", context, style="official", again=_colophon_at_foot)[0]


def _colophon_at_foot(layout: Document) -> dict[str, object] | None:
    """Where the 版记 goes, after a layout that gave it a page of its own behind the text.

    Right so where the text ends on an odd page. Else it belongs to the foot of the last page of text, or, where it does
    not fit there, on the next even page.
    """
    last_of_text = next(number for number, page in enumerate(layout.pages, 1) if "text-end" in page.anchors)
    if last_of_text % 2:
        return None
    ends = layout.pages[last_of_text - 1].anchors["text-end"][1]
    anchors = layout.pages[-1].anchors
    foot = (297 - 35) * 96 / 25.4 - 0.5  # CSS pixels; half of one for rounding
    down = foot - ends - (anchors["end"][1] - anchors["colophon"][1])
    return {"colophon_break": "left"} if down < 0 else {"colophon_break": "", "colophon_down": f"{down:.2f}"}


def mark_size(mark: str) -> float:
    """Size of the red head in mm: at most 15, and such that squeezed to two thirds it fits into 150 mm."""
    return min(15.0, 150 / (width(mark) * 0.66))


def mark_squeeze(mark: str) -> float:
    """The width of the red head's characters in parts of their height: long names are set narrow, as offices do."""
    return min(1.0, 150 / (width(mark) * mark_size(mark)))


def typeset_blocks(blocks: Sequence[Block]) -> list[dict[str, object]]:
    """The blocks for the template: paragraphs in finished lines, tables in rows."""
    done: list[dict[str, object]] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            done.append({"css": f"level{block.level}", "lines": paragraph(block.text)})
        else:
            done.append({"table": block})
    return done


def attached_lines(appendices: Sequence[Appendix]) -> list[dict[str, object]]:
    """附件说明: one name a line, hanging behind its label (「附件：1.」), no closing mark."""
    lines: list[dict[str, object]] = []
    for number, appendix in enumerate(appendices, 1):
        figure = f"{number}." if len(appendices) > 1 else ""
        label = f"附件：{figure}" if number == 1 else figure
        hang = 3 + width(figure)
        lines.append(
            {
                "label": label,
                "lines": paragraph("".join(appendix.title.split()), indent=0, cells=CELLS - 2.2 - hang),
                "left": f"{2 * CELL + hang * EM:.2f}",
                "back": f"{width(label) * EM:.2f}",
            }
        )
    return lines


def signature(issuer: str, date: str) -> dict[str, str]:
    """署名 and 成文日期 for a sealed document: the date four characters from the right, the name centred above it.

    A name too long for that ends at the right edge of the type area.
    """
    date_width, name_width = width(date) * EM, width(issuer) * EM
    centre = 4 * CELL + date_width / 2
    return {
        "name": issuer,
        "date": date,
        "name_right": f"{max(0.0, centre - name_width / 2):.2f}",
        "date_right": f"{4 * CELL:.2f}",
    }
