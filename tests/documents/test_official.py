"""GB/T 9704-2012 in millimetres, from the PDF and from the page as people see it (rules 3.2)."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from jinhua_labor.documents.official import (
    Appendix,
    OfficialDocument,
    Paragraph,
    StationLine,
    official_document_pdf,
    station_table,
)

from .paper import find, image, pages, text, words

pytestmark = pytest.mark.slow  # real PDFs, measured in millimetres

LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
PITCH = 225 / 22
TITLE = "关于同意设立测试甲等3家金东区省外劳务协作工作站的通知"
ROWS = tuple(
    StationLine(
        f"金东区驻示例省示例县第{n}劳务协作工作站", "示例人力资源有限公司", "贵州省示例州示例县", dt.date(2023, 12, 31)
    )
    for n in range(1, 4)
)


def document(**other: object) -> OfficialDocument:
    known: dict[str, object] = {
        "title": TITLE,
        "main_to": "各乡镇（街道），区直属各单位",
        "blocks": (Paragraph("同意设立以下工作站，现予公布。"), station_table(ROWS)),
        "doc_no": "金东人社〔2021〕99号",
        "issued_on": dt.date(2021, 4, 12),
        "cc": "金华市人力资源和社会保障局，金东区人民政府办公室，区财政局，区人力资源服务协会",
        "printed_on": dt.date(2021, 4, 12),
        "note": "此件公开发布",
    }
    return OfficialDocument(**{**known, **other})  # type: ignore[arg-type]


FULL = Paragraph("金" * (26 + 28 * 49))


@pytest.fixture(scope="module")
def full() -> bytes:
    return official_document_pdf(document(blocks=(FULL,)))


@pytest.fixture(scope="module")
def ordinary() -> bytes:
    return official_document_pdf(document())


def test_a_full_page_has_22_lines_of_28_characters_in_the_type_area(full):
    body = [w for w in words(full) if w.page == 2 and set(w.text) == {"金"}]
    by_line: dict[float, int] = {}
    for word in body:
        line = round(word.top, 1)
        by_line[line] = by_line.get(line, 0) + len(word.text)
    assert list(by_line.values()) == [28] * 22
    tops = sorted(by_line)
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(PITCH, abs=0.02)
    middle = (min(w.top for w in body) + max(w.bottom for w in body)) / 2
    assert middle == pytest.approx((TOP + BOTTOM) / 2, abs=1)
    assert min(w.left for w in body) == pytest.approx(LEFT, abs=0.1)
    assert max(w.right for w in body) == pytest.approx(RIGHT, abs=0.15)


@pytest.mark.parametrize("rare", ["玥", "𠮷"])
def test_rare_characters_keep_the_grid(rare):
    """A character from a stand-in font is taller; the lines stay where they would be without it."""
    pdf = official_document_pdf(document(blocks=(Paragraph((rare + "金" * 27) * 50),)))
    tops = sorted({round(w.top, 1) for w in words(pdf) if w.page == 2 and "金" * 5 in w.text})
    assert len(tops) == 22
    assert (tops[-1] - tops[0]) / 21 == pytest.approx(PITCH, abs=0.02)


def test_the_first_line_is_indented_by_two_characters(full):
    body = [w for w in words(full) if w.page == 1 and set(w.text) == {"金"}]
    assert min(body, key=lambda w: w.top).left == pytest.approx(LEFT + 2 * 156 / 28, abs=0.1)


def test_lines_with_figures_and_marks_end_at_the_margin():
    body = "自2021年4月12日起，按年度计划输送劳动力300人以上，留用率不低于60%，名册于每月10日前报送（电话：0579）。"
    pdf = official_document_pdf(document(blocks=(Paragraph(body * 3),)))
    lines: dict[float, float] = {}
    for word in words(pdf):
        if word.page == 1 and 180 < word.top < 258:
            lines[round(word.bottom)] = max(lines.get(round(word.bottom), 0), word.right)
    ends = [right for _, right in sorted(lines.items())]
    assert len(ends) >= 4
    # A closing mark carries its blank half inside its own box, so the box ends at the margin too.
    assert ends[0] == pytest.approx(RIGHT, abs=0.4)
    assert ends[1] == pytest.approx(RIGHT, abs=0.4)


def test_the_red_head(ordinary):
    dpi = 300
    picture = image(ordinary, dpi=dpi)
    mm = 25.4 / dpi
    pixels = picture.load()
    red_rows: dict[int, list[int]] = {}
    for y in range(picture.height):
        red = [x for x in range(0, picture.width, 2) if pixels[x, y][0] > 150 and pixels[x, y][1] < 90]
        if red:
            red_rows[y] = red
    rows = sorted(red_rows)
    gap = next(i for i in range(1, len(rows)) if rows[i] - rows[i - 1] > 20)
    mark, line = rows[:gap], rows[gap:]
    assert mark[0] * mm == pytest.approx(TOP + 35, abs=1), "发文机关标志上边缘至版心上边缘 35 mm"
    left, right = (f(f(red_rows[y]) for y in mark) * mm for f in (min, max))
    assert LEFT - 0.5 <= left < right <= RIGHT + 0.5, "标志不宽于版心"
    assert (left + right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1), "标志居中"
    assert (line[-1] - line[0] + 1) * mm == pytest.approx(0.5, abs=0.15), "红色分隔线"
    assert min(red_rows[line[0]]) * mm == pytest.approx(LEFT, abs=0.3)
    assert max(red_rows[line[0]]) * mm == pytest.approx(RIGHT, abs=0.3)
    number = find(ordinary, "金东人社〔2021〕99号")
    assert mark[-1] * mm + PITCH < number.top, "发文字号在标志下空二行"
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=0.5)
    # The box of the glyphs reaches a little below their ink: 4 mm from the line of text to the red line.
    assert line[0] * mm - (number.top + number.bottom) / 2 == pytest.approx(4 + 16 * 25.4 / 72 / 2, abs=0.6)


@pytest.mark.parametrize(
    "issuer",
    [
        pytest.param("金东区人社局", id="短"),
        pytest.param("金华市金东区人力资源和社会保障局", id="本局"),
        pytest.param("示例省示例市金华市金东区人力资源和社会保障局就业服务中心", id="长"),
    ],
)
def test_the_mark_is_scaled_to_the_type_area(issuer):
    pdf = official_document_pdf(document(issuer=issuer))
    mark = find(pdf, issuer[:2], page=1)
    assert mark.left >= LEFT - 0.5
    assert mark.right <= RIGHT + 0.5


def test_the_order_of_the_first_page(ordinary):
    order = ("金华市金东区人力资源和社会保障局文件", "金东人社〔2021〕99号", "关于同意", "各乡镇", "同意设立")
    boxes = [find(ordinary, part, page=1) for part in order]
    assert [w.top for w in boxes] == sorted(w.top for w in boxes)
    assert TITLE in text(ordinary, page=1)
    assert boxes[3].left == pytest.approx(LEFT, abs=0.2), "主送机关顶格"


def test_the_stations_are_listed(ordinary):
    written = text(ordinary)
    for row in ROWS:
        assert row.name in written
    assert written.count("至2023年12月31日") == 3


@pytest.mark.parametrize("issuer", ["金东区人社局", "金华市金东区人力资源和社会保障局"])
def test_signature_and_date_leave_room_for_the_seal(issuer):
    pdf = official_document_pdf(document(issuer=issuer, blocks=(Paragraph("同意。"),)))
    body = find(pdf, "同意。", page=1)
    name = next(w for w in words(pdf) if w.text == issuer and w.top > body.top)
    date = next(w for w in words(pdf) if w.text == "2021年4月12日" and w.top > name.top)
    assert date.right == pytest.approx(RIGHT - 4 * 156 / 28, abs=0.3), "成文日期右空四字"
    assert name.right <= RIGHT + 0.1
    if len(issuer) < 10:
        assert (name.left + name.right) / 2 == pytest.approx((date.left + date.right) / 2, abs=0.5), "以日期为准居中"
    # A seal of 42 mm, name and date a little below its middle (居印章中心偏下), begins within one line of the text.
    seal_top = (name.top + date.bottom) / 2 - 5 - 21
    assert 0 < seal_top - body.bottom < PITCH
    assert "（此件公开发布）" in text(pdf)


def test_page_numbers_stand_outside(full):
    for page in range(1, pages(full) + 1):
        figure = next(w for w in words(full) if w.page == page and w.top > BOTTOM + 3 and w.text == str(page))
        dashes = [w for w in words(full) if w.page == page and w.top > BOTTOM + 3 and "—" in w.text]
        assert len(dashes) == 2
        if page % 2:
            assert max(d.right for d in dashes) == pytest.approx(RIGHT - 14 * 25.4 / 72, abs=1.5), "单页码居右空一字"
        else:
            assert min(d.left for d in dashes) == pytest.approx(LEFT + 14 * 25.4 / 72, abs=1.5), "双页码居左空一字"
        assert (figure.top + figure.bottom) / 2 == pytest.approx(BOTTOM + 7 + 14 * 25.4 / 72 / 2, abs=1.5)


@pytest.mark.parametrize("characters", [200, 500, 600, 700, 900, 1000, 1300, 1500])
def test_the_colophon_ends_an_even_page(characters):
    pdf = official_document_pdf(document(blocks=(Paragraph("金" * characters),)))
    count = pages(pdf)
    assert count % 2 == 0
    office = find(pdf, "金华市金东区人力资源和社会保障局办公室")
    assert office.page == count
    assert office.left == pytest.approx(LEFT + 14 * 25.4 / 72, abs=0.3)
    printed = [w for w in words(pdf) if w.text.endswith("印发")][-1]
    assert printed.right == pytest.approx(RIGHT - 14 * 25.4 / 72, abs=0.3)
    picture = image(pdf, count, dpi=150)
    mm = 25.4 / 150
    lines = [
        y * mm
        for y in range(picture.height)
        if all(picture.getpixel((int(x / mm), y))[0] < 200 for x in range(40, 175, 5))
    ]
    assert max(lines) == pytest.approx(BOTTOM, abs=0.7), "末条分隔线与版心下边缘重合"
    assert "抄送：" in text(pdf, page=count)
    assert "区人力资源服务协会。" in text(pdf, page=count)


def test_the_signature_never_stands_alone_on_a_page():
    for characters in range(560, 760, 28):
        pdf = official_document_pdf(document(blocks=(Paragraph("金" * characters),), note=""))
        page = next(
            w for w in words(pdf) if w.text.startswith("2021年4月12日") and w.top < 262 and "印发" not in w.text
        ).page
        assert any("金金" in w.text or w.text == "金" for w in words(pdf) if w.page == page), characters


def test_appendices_are_announced_and_start_a_page():
    pdf = official_document_pdf(
        document(
            appendices=(
                Appendix("工作站名单", (station_table(ROWS * 8),)),
                Appendix("有关事项说明", (Paragraph("说明文字。"),)),
            )
        )
    )
    written = text(pdf)
    assert "附件：1.工作站名单2.有关事项说明" in written
    first = find(pdf, "附件1")
    assert first.top == pytest.approx(TOP + 2, abs=3)
    assert find(pdf, "附件2").page > first.page
    heads = [w for w in words(pdf) if w.text == "工作站名称" and w.page >= first.page]
    assert len(heads) > 1, "表头逐页重复"


def test_a_draft_shows_the_blanks_and_no_number():
    pdf = official_document_pdf(document(doc_no="", issued_on=None, printed_on=None))
    written = text(pdf)
    assert "金东人社〔〕号" in written
    assert re.search(r"保障局年月日", written)
    assert "年月日印发" in written
    assert "2021年4月" not in written


@pytest.mark.parametrize(
    ("level", "sample", "family"),
    [
        pytest.param(1, "一、总体要求", "Sans", id="一、黑体"),
        pytest.param(2, "（一）具体要求", "WenKai", id="（一）楷体"),
    ],
)
def test_levels_of_headings_have_their_fonts(level, sample, family):
    from io import BytesIO

    from pypdf import PdfReader

    pdf = official_document_pdf(document(blocks=(Paragraph("正文。"), Paragraph(sample, level))))
    fonts = {
        str(font["/BaseFont"])
        for page in PdfReader(BytesIO(pdf)).pages
        for font in (value.get_object() for value in page["/Resources"]["/Font"].values())
    }
    official = {"Sans": ("SimHei",), "WenKai": ("KaiTi",)}[family]
    assert any(part in name for name in fonts for part in (family, *official)), fonts


@pytest.mark.parametrize("cc", ["区财政局", "区财政局。"])
def test_copies_end_with_one_stop(cc):
    assert document(cc=cc).copies == "区财政局。"
