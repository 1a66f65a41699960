"""The same official document as a .docx, for an office that edits before it issues.

The official font families are named; the machine that opens the file draws them with what it has. Word refuses elements
out of the order of its schema, hence the insertions before named neighbours.
"""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from .official import Block, OfficialDocument, Paragraph, Table, day, mark_size, mark_squeeze

FANGSONG, TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
_LEVEL_FONTS = {1: HEI, 2: KAI}
_RED = RGBColor(0xC8, 0x10, 0x2E)
_PITCH = Pt(29)  # 225 mm in 22 lines


def official_document_docx(document: OfficialDocument) -> bytes:
    """The document as .docx: same order, measures and blanks as the PDF; no seal.

    The 版记 floats at the foot of the page it falls on; putting it on an even page is left to the editor, because the
    pages are not known before the file is opened.
    """
    file = Document()
    _page(file)
    body = file.styles["Normal"]
    body.font.size = Pt(16)
    _font(body, FANGSONG)
    form = body.paragraph_format
    form.space_after = form.space_before = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, _PITCH
    file.core_properties.title = "".join(document.title.split())
    file.core_properties.author = document.issuer
    file.core_properties.language = "zh-CN"

    _head(file, document)
    if document.main_to:
        _line(file)
        _line(file, f"{document.main_to.rstrip('：:')}：")
    for block in document.blocks:
        _block(file, block)
    _attached(file, document)
    _signed(file, document)
    if document.note:
        _line(file, f"（{document.note}）", indent=2)
    for number, appendix in enumerate(document.appendices, 1):
        label = _line(file, "附件" if len(document.appendices) == 1 else f"附件{number}", font=HEI)
        label.paragraph_format.page_break_before = True
        _line(file)
        _title(file, appendix.title)
        _line(file)
        for block in appendix.blocks:
            _block(file, block)
    _colophon(file, document)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _page(file: Any) -> None:
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)  # the figure stands 7 mm below the type area
    # 28 characters in 156 mm: each cell 15.79 pt, in 4096ths of a point off the 16 pt of the text; 22 lines of 29 pt.
    grid = parse_xml(
        f'<w:docGrid {nsdecls("w")} w:type="linesAndChars" w:linePitch="580" '
        f'w:charSpace="{round((156 / 28 / 25.4 * 72 - 16) * 4096)}"/>'
    )
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(grid)
    file.settings.odd_and_even_pages_header_footer = True
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.alignment = side
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        for part in ("— ", None, " —"):
            run = line.add_run(part or "")
            run.font.size = Pt(14)
            _font(run, SONG)
            if part is None:
                for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
                    run._r.append(
                        parse_xml(
                            f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'
                            if kind
                            else f'<w:instrText {nsdecls("w")} xml:space="preserve">{text}</w:instrText>'
                        )
                    )


def _font(target: Any, family: str) -> None:
    """Names the family for Chinese and for figures; `target` is a run or a style."""
    target.font.name = family
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), family)


def _line(file: Any, text: str = "", *, font: str = "", indent: int = 0, size: float = 16) -> Any:
    line = file.add_paragraph()
    if indent:
        line.paragraph_format.first_line_indent = Pt(size * indent)
    if text:
        run = line.add_run(text)
        run.font.size = Pt(size)
        if font:
            _font(run, font)
    return line


def _title(file: Any, title: str) -> None:
    for text in title.splitlines() or [title]:
        line = _line(file, text, font=TITLE, size=22)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.line_spacing = Pt(33)


def _head(file: Any, document: OfficialDocument) -> None:
    size = round(mark_size(document.mark) / 25.4 * 72)
    mark = _line(file, document.mark, font=TITLE, size=size)
    mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
    mark.paragraph_format.space_before = Mm(35)
    mark.paragraph_format.line_spacing = Pt(size + 2)
    mark.runs[0].font.color.rgb = _RED
    squeeze = round(100 * mark_squeeze(document.mark))
    scale = parse_xml(f'<w:w {nsdecls("w")} w:val="{squeeze}"/>')
    mark.runs[0]._r.get_or_add_rPr().insert_element_before(scale, "w:kern", "w:position", "w:sz", "w:szCs")
    _line(file)
    _line(file)
    number = _line(file, document.number)
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    rule = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="11" w:color="C8102E"/></w:pBdr>'
    )
    number._p.get_or_add_pPr().insert_element_before(rule, "w:spacing", "w:ind", "w:jc", "w:rPr")
    _line(file)
    _line(file)
    _title(file, document.title)


def _block(file: Any, block: Block) -> None:
    if isinstance(block, Paragraph):
        _line(file, block.text, font=_LEVEL_FONTS.get(block.level, ""), indent=2)
    else:
        _table(file, block)


def _table(file: Any, table: Table) -> None:
    grid = file.add_table(rows=1, cols=len(table.columns))
    grid.style = "Table Grid"
    grid.autofit = False
    grid.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    rows = [tuple(column.head for column in table.columns), *table.rows]
    for column, place in zip(table.columns, grid.columns, strict=True):
        place.width = Mm(column.width)  # WPS and LibreOffice read the grid, Word the cells
    for _ in table.rows:
        grid.add_row()._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for at, texts in enumerate(rows):
        for cell, text, column in zip(grid.rows[at].cells, texts, table.columns, strict=True):
            cell.width = Mm(column.width)
            line = cell.paragraphs[0]
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            line.paragraph_format.line_spacing = Pt(18)
            run = line.add_run(text)  # a line break stays one
            run.font.size = Pt(12)
            _font(run, FANGSONG if at else HEI)


def _attached(file: Any, document: OfficialDocument) -> None:
    if document.appendices:
        _line(file)
    for number, appendix in enumerate(document.appendices, 1):
        figure = f"{number}." if len(document.appendices) > 1 else ""
        label = "附件：" if number == 1 else ""
        line = _line(file, f"{label}{figure}{''.join(appendix.title.split())}")
        hang = 16 * (3 + 0.75 * bool(figure))
        line.paragraph_format.left_indent = Pt(32 + hang)
        line.paragraph_format.first_line_indent = Pt(-hang if label else -12)


def _signed(file: Any, document: OfficialDocument) -> None:
    _line(file)
    _line(file)
    date_width = 16 * (len(document.date) - 0.5 * sum(c.isdigit() for c in document.date))
    name_right = max(0.0, 64 + date_width / 2 - 8 * len(document.issuer))
    for text, right in ((document.issuer, name_right), (document.date, 64.0)):
        line = _line(file, text)
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.paragraph_format.right_indent = Pt(right)
        line.paragraph_format.keep_with_next = text == document.issuer


def _colophon(file: Any, document: OfficialDocument) -> None:
    """版记: a table of two rows, floating at the foot of the type area."""
    rows = ([f"抄送：{document.copies}"] if document.cc else []) + [""]
    table = file.add_table(rows=len(rows), cols=1)
    table.autofit = False
    properties = table._tbl.tblPr
    floating = parse_xml(
        f'<w:tblpPr {nsdecls("w")} w:vertAnchor="margin" w:horzAnchor="margin" '
        'w:tblpXSpec="left" w:tblpYSpec="bottom"/>'
    )
    # Eighths of a point: 0.35 mm outside, 0.25 mm between.
    borders = parse_xml(
        f'<w:tblBorders {nsdecls("w")}><w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/>'
        '<w:insideH w:val="single" w:sz="6"/></w:tblBorders>'
    )
    properties.insert_element_before(floating, "w:tblW", "w:jc", "w:tblLayout", "w:tblLook")
    properties.insert_element_before(borders, "w:tblLayout", "w:tblCellMar", "w:tblLook")
    for row, text in zip(table.rows, rows, strict=True):
        cell = row.cells[0]
        cell.width = Mm(156)
        line = cell.paragraphs[0]
        line.paragraph_format.line_spacing = Pt(22)
        line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
        if text:
            line.paragraph_format.left_indent = Pt(14 * 4)
            line.paragraph_format.first_line_indent = Pt(-14 * 3)
        else:
            line.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(28), alignment=2)
            text = f"{document.print_office}\t{day(document.printed_on)}印发"
        run = line.add_run(text)
        run.font.size = Pt(14)
    _line(file)
