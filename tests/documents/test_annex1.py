"""附件1 as the notice has it (R-68)."""

from __future__ import annotations

import datetime as dt

import pytest

from jinhua_labor.documents.fonts import missing_glyphs
from jinhua_labor.documents.forms import Annex1, Opinion, annex1_pdf

from .paper import find, image, pages, text, words

LABELS = (
    "申请机构（盖章）（承建单位）",
    "省外劳务协作地区（省市县）",
    "申请机构负责人",
    "联系电话",
    "合作机构名称",
    "合作机构负责人",
    "联系电话",
    "劳务协作工作站地址",
    "申请经营期限自申请之日起至年月日为止",
    "劳务协作工作站简介",
    "申请机构承诺本单位保证本表所填信息和提供的所有材料真实、有效、合法。机构法人签名：",
    "区就业服务中心意见：（公章）年月日",
    "区人力资源和社会保障局意见：（公章）年月日",
)
LONG = "示例省示例市金东区跨省劳务协作人力资源服务与职业技能培训咨询管理集团股份有限公司金东分公司"  # 44 characters


def test_the_blank_form_is_the_notice_s_and_nothing_else():
    pdf = annex1_pdf(Annex1())
    assert text(pdf) == "附件1：金东区劳务协作工作站设立申请表" + "".join(LABELS)
    assert pages(pdf) == 1


def test_filled_in():
    form = Annex1(
        operator="示例人力资源有限公司",
        area="贵州省示例州示例县",
        head="测试甲",
        head_phone="13000000000",
        partner="示例县劳务合作社",
        partner_head="测试乙",
        partner_phone="13000000001",
        address="浙江省金华市金东区示例路1号",
        term_end=dt.date(2023, 12, 31),
        profile="第一段。\n\n第二段。",
        centre=Opinion("初审同意。", "测试丙", dt.date(2021, 4, 9)),
    )
    pdf = annex1_pdf(form)
    written = text(pdf)
    assert "自申请之日起至2023年12月31日为止" in written
    assert "区就业服务中心意见：初审同意。测试丙（公章）2021年4月9日" in written
    assert "区人力资源和社会保障局意见：（公章）年月日" in written
    assert "第一段。第二段。" in written
    assert pages(pdf) == 1


def test_long_names_wrap_inside_their_cells():
    pdf = annex1_pdf(Annex1(operator=LONG, area="新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县", partner=LONG))
    assert text(pdf).count(LONG) == 2
    for word in words(pdf):
        assert word.left >= 19.5
        assert word.right <= 190.5
    # The second label begins behind the operator's cell: nothing of the long name may reach into it.
    second_label = find(pdf, "省外劳务").left
    operator = [w for w in words(pdf) if 45 < w.top < 75 and 58 < w.left < second_label - 2]
    assert operator
    assert max(w.right for w in operator) < second_label


def test_a_long_profile_flows_over_the_page():
    profile = "\n".join(f"第{n}段" + "现有专职人员5名，在两地均设有办公场所。" * 8 for n in range(1, 16))
    pdf = annex1_pdf(Annex1(profile=profile))
    assert pages(pdf) > 1
    written = text(pdf)
    assert all(f"第{n}段现有" in written for n in range(1, 16))
    assert written.endswith("区人力资源和社会保障局意见：（公章）年月日")


@pytest.mark.parametrize("lines", [33, 60], ids=["the table goes on", "the opinions open a page"])
def test_what_goes_on_overleaf_has_its_upper_line(lines: int):
    pdf = annex1_pdf(Annex1(profile="\n".join(f"第{number}段" for number in range(lines))))
    page = image(pdf, pages(pdf))
    across = range(page.width // 2 - 300, page.width // 2 + 300)
    first = min(word.top for word in words(pdf) if word.page == pages(pdf)) * 200 / 25.4
    dark = [y for y in range(int(first)) if max(page.getpixel((x, y))[0] for x in across) < 160]
    assert dark  # a line across the page above the first words


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("测试𠮷", id="𠮷 扩展B"),
        pytest.param("测试䶮", id="䶮 扩展A"),
        pytest.param("测试𬱖", id="𬱖 扩展E"),
        pytest.param("阿卜杜热合曼·买买提吐尔逊", id="间隔号·"),
        pytest.param("张镕昇李祎堃喆珺垚", id="仿宋缺字由宋体补"),
    ],
)
def test_rare_characters_are_drawn(name):
    assert missing_glyphs(name) == ""
    pdf = annex1_pdf(Annex1(head=name))
    assert name in text(pdf)
    assert "字库缺字" not in text(pdf)


def test_a_rare_character_is_not_a_box():
    """Two characters no font could draw would leave the same picture."""
    first, second = (image(annex1_pdf(Annex1(head=c))).tobytes() for c in "𠮷𬱖")
    assert first != second


def test_a_character_no_font_has_is_named_on_the_paper():
    assert missing_glyphs("测\U000323af") == "\U000323af"
    assert "字库缺字，请核对并手写补上：" in text(annex1_pdf(Annex1(head="测\U000323af")))
    assert "（U+323AF）" in text(annex1_pdf(Annex1(head="测\U000323af")))


def test_what_was_typed_stays_text():
    pdf = annex1_pdf(Annex1(operator='<b>甲</b><img src="file:///etc/passwd">', profile="{{ form }}"))
    written = text(pdf)
    assert '<b>甲</b><imgsrc="file:///etc/passwd">' in written
    assert "{{form}}" in written
