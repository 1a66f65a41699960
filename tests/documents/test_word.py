"""The .docx is the same document, in the official fonts."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from jinhua_labor.documents.official import Column, Table
from jinhua_labor.documents.word import official_document_docx

from .test_official import ROWS, TITLE, Appendix, Paragraph, document, station_table


def opened(**other):
    return docx.Document(io.BytesIO(official_document_docx(document(**other))))


def lines(file) -> list[str]:
    return [p.text for p in file.paragraphs if p.text]


def family(paragraph) -> str:
    return paragraph.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))


def test_everything_stands_in_order():
    file = opened(appendices=(Appendix("工作站名单", (station_table(ROWS),)),))
    assert lines(file) == [
        "金华市金东区人力资源和社会保障局文件",
        "金东人社〔2021〕99号",
        TITLE,
        "各乡镇（街道），区直属各单位：",
        "同意设立以下工作站，现予公布。",
        "附件：工作站名单",
        "金华市金东区人力资源和社会保障局",
        "2021年4月12日",
        "（此件公开发布）",
        "附件",
        "工作站名单",
    ]
    assert [cell.text for cell in file.tables[0].rows[1].cells][1:3] == [ROWS[0].name, ROWS[0].operator]
    assert file.tables[-1].rows[0].cells[0].text.startswith("抄送：金华市")
    assert "2021年4月12日印发" in file.tables[-1].rows[-1].cells[0].text


def test_the_official_families_are_named():
    file = opened(blocks=(Paragraph("正文。"), Paragraph("一、要求", 1), Paragraph("（一）要求", 2)))
    by_text = {p.text: p for p in file.paragraphs if p.text}
    assert family(by_text["金华市金东区人力资源和社会保障局文件"]) == "方正小标宋简体"
    assert family(by_text[TITLE]) == "方正小标宋简体"
    assert family(by_text["一、要求"]) == "黑体"
    assert family(by_text["（一）要求"]) == "楷体_GB2312"
    assert file.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_columns_as_wide_as_told_rows_whole_and_breaks_kept():
    table = Table((Column("工作站", 100), Column("评估年度", 56)), (("示例站", "第2年度\n2024.04—2025.03"),))
    grid = opened(blocks=(table,)).tables[0]
    assert [round(column.width.mm) for column in grid.columns] == [100, 56]
    assert grid.rows[1].cells[1].text == "第2年度\n2024.04—2025.03"
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in grid.rows] == [False, True]


def test_the_page_is_that_of_the_standard():
    section = opened().sections[0]
    for side, mm in (("top", 37), ("bottom", 35), ("left", 28), ("right", 26)):
        assert getattr(section, f"{side}_margin").mm == pytest.approx(mm, abs=0.05)
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "linesAndChars"
    assert 22 * int(grid.get(qn("w:linePitch"))) / 20 / 72 * 25.4 == pytest.approx(225, abs=0.3)


def test_a_draft_shows_the_blanks():
    written = lines(opened(doc_no="", issued_on=None, printed_on=None))
    assert written[1] == "金东人社〔　　　　〕　　号"
    assert not any("2021" in line for line in written)


def test_no_seal_and_no_picture():
    with zipfile.ZipFile(io.BytesIO(official_document_docx(document()))) as file:
        assert not [name for name in file.namelist() if name.startswith("word/media")]
