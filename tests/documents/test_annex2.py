"""附件2 as the notice has it, of any length (R-69)."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator

import pytest

from jinhua_labor.documents.forms import Annex2Head, Annex2Row, annex2_pdf

from .paper import find, pages, text, words

pytestmark = pytest.mark.slow  # real PDFs of hundreds of rows

HEADS = "序号姓名身份证号户籍入职企业入职时间"
NOTE = "注意：申请设立劳务协作站需已为区内企业累计输送省外劳动力50人以上。"
LONG = "示例省示例市金东区跨省劳务协作人力资源服务与职业技能培训咨询管理集团股份有限公司金东分公司"
HEAD = Annex2Head("示例人力资源有限公司", dt.date(2021, 3, 25), "测试甲", "13000000000")
EDGES = (14, 25, 48, 89, 128, 167, 196)  # mm, of the columns


def people(count: int, **other: str) -> Iterator[Annex2Row]:
    for n in range(1, count + 1):
        known = {"name": f"测试{n:03d}", "hukou": "贵州省示例州示例县", "employer": "示例机械制造有限公司", **other}
        yield Annex2Row(id_number=f"5299991990010{n:04d}X", entry_on=dt.date(2021, 3, 5), **known)


def numbers(pdf: bytes) -> list[int]:
    return [int(w.text) for w in words(pdf) if w.text.isdigit() and w.left >= EDGES[0] and w.right <= EDGES[1]]


def test_the_blank_form_is_the_notice_s():
    pdf = annex2_pdf(Annex2Head(), [])
    written = text(pdf)
    assert written.startswith("附件2累计输送劳动力名册填报单位（盖章）：填报日期：填表人：联系电话：")
    assert sorted(written.replace("第1页", "")) == sorted(
        "附件2累计输送劳动力名册填报单位（盖章）：填报日期：填表人：联系电话：" + HEADS + "123456789…" + NOTE
    )


def test_51_rows_are_numbered_and_the_second_page_repeats_the_heads():
    pdf = annex2_pdf(HEAD, people(51))
    assert pages(pdf) == 2
    assert numbers(pdf) == list(range(1, 52))
    assert text(pdf).startswith(
        "附件2累计输送劳动力名册填报单位（盖章）：示例人力资源有限公司填报日期：2021年3月25日填表人：测试甲联系电话：13000000000"
    )
    for page in (1, 2):
        tops = {find(pdf, head, page=page).top for head in ("序号", "姓名", "身份证号", "户籍", "入职企业", "入职时间")}
        assert max(tops) - min(tops) < 0.2
    assert NOTE not in text(pdf, page=1)
    assert text(pdf, page=2).count(NOTE) == 1


def test_every_cell_stands_on_the_line_of_its_number():
    pdf = annex2_pdf(HEAD, people(51, hukou="贵州省黔东南苗族侗族自治州示例县示例镇"))
    by_number = {int(w.text): w for w in words(pdf) if w.text.isdigit() and w.right <= EDGES[1]}
    for word in words(pdf):
        if found := re.fullmatch(r"测试(\d{3})", word.text):
            number = by_number[int(found[1])]
            assert word.page == number.page
            assert (word.top + word.bottom) / 2 == pytest.approx((number.top + number.bottom) / 2, abs=0.5)


def test_rare_characters_do_not_push_rows_off_their_rules():
    """A character from a stand-in font is taller; a page of such names must not drift down the table."""
    pdf = annex2_pdf(HEAD, people(51, name="测试𠮷", hukou="贵州省黔东南苗族侗族自治州示例县示例镇"))
    listed = [w for w in words(pdf) if w.page == 2 and w.text.isdigit() and w.right <= EDGES[1]]
    plain = [
        w for w in words(annex2_pdf(HEAD, people(51, hukou="贵州省黔东南苗族侗族自治州示例县示例镇"))) if w.page == 2
    ]
    expected = {w.text: w.top for w in plain if w.text.isdigit() and w.right <= EDGES[1]}
    assert listed
    for word in listed:
        assert word.top == pytest.approx(expected[word.text], abs=0.05)


def test_650_rows_in_pieces_of_300_run_on():
    told: list[int] = []
    pdf = annex2_pdf(HEAD, people(650), chunk=300, progress=told.append)
    assert numbers(pdf) == list(range(1, 651))
    assert told[-1] == 650
    assert len(told) == 3
    count = pages(pdf)
    assert [find(pdf, "第", page=n).page for n in range(1, count + 1)] == list(range(1, count + 1))
    for n in range(1, count + 1):
        assert f"第{n}页" in text(pdf, page=n)
    assert text(pdf).count(NOTE) == 1
    assert NOTE in text(pdf, page=count)


def test_the_pieces_leave_no_trace():
    """The same pages come out whatever the size of the pieces."""
    whole, pieces = (annex2_pdf(HEAD, people(130), chunk=chunk) for chunk in (1000, 40))
    assert words(whole) == words(pieces)


def test_the_list_is_not_held_as_a_whole():
    taken = 0

    def counted() -> Iterator[Annex2Row]:
        nonlocal taken
        for row in people(1200):
            taken += 1
            yield row

    seen: list[int] = []
    annex2_pdf(HEAD, counted(), chunk=100, progress=lambda _: seen.append(taken))
    assert seen[0] < 500


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"employer": LONG}, id="四十余字的企业名称"),
        pytest.param({"hukou": "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县示例乡"}, id="长户籍"),
        pytest.param({"name": "阿卜杜热合曼·买买提吐尔逊"}, id="维吾尔族姓名"),
        pytest.param({"name": "测试𠮷䶮𬱖"}, id="生僻字"),
        pytest.param({"employer": "Shili International Manufacturing (Jindong) Co., Ltd."}, id="外文企业名称"),
    ],
)
def test_long_cells_wrap_inside_their_columns(row):
    pdf = annex2_pdf(HEAD, people(3, **row))
    heads_bottom = find(pdf, "入职企业").bottom
    for word in words(pdf):
        if word.top > heads_bottom and not word.text.startswith(("注意", "第")) and "页" not in word.text:
            column = max(at for at, edge in enumerate(EDGES) if word.left >= edge - 0.1)
            assert word.right <= EDGES[column + 1] + 0.1, word
    squeezed = re.sub(r"\s", "", next(iter(row.values())))
    assert text(pdf).count(squeezed) == 3


def test_a_long_unit_name_takes_lines_of_its_own():
    pdf = annex2_pdf(Annex2Head(LONG, dt.date(2021, 3, 25), "测试甲", "13000000000"), people(2))
    assert f"填报单位（盖章）：{LONG}填报日期：2021年3月25日" in text(pdf)
    assert find(pdf, "填报日期").top > find(pdf, "填报单位").bottom
    assert find(pdf, "序号").top > find(pdf, "填报日期").bottom - 0.5
    assert max(w.right for w in words(pdf)) <= 196.5


def test_what_was_typed_stays_text():
    assert "<i>甲</i>&amp;" in text(annex2_pdf(HEAD, people(1, name="<i>甲</i>&amp;")))


def test_cells_stand_in_the_middle_of_their_columns():
    pdf = annex2_pdf(HEAD, people(12))
    middles = [(left + right) / 2 for left, right in itertools.pairwise(EDGES)]
    cells = [w for w in words(pdf) if find(pdf, "序号").bottom < w.top < find(pdf, "注意").top]
    assert len(cells) == 12 * 6
    for word in cells:
        assert min(abs((word.left + word.right) / 2 - middle) for middle in middles) < 0.8, word
