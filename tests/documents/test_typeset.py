from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.documents.typeset import CELL, EM, balanced, paragraph, width, wrap

WRAPPED = [
    pytest.param("金华市金东区", 10, ("金华市金东区",), id="一行放得下"),
    pytest.param("一二三四五，六七", 5, ("一二三四", "五，六七"), id="逗号不在行首"),
    pytest.param("一二三四（五六）", 5, ("一二三四", "（五六）"), id="左括号不在行尾"),
    pytest.param("一二三四（五）。", 5, ("一二三四", "（五）。"), id="右括号与句号不在行首"),
    pytest.param("一二三2021年", 4, ("一二三", "2021年"), id="数字不拆开"),
    pytest.param("张" * 7, 3, ("张张张", "张张张", "张"), id="逐字折行"),
    pytest.param("", 3, ("",), id="空文字仍是一行"),
]


@pytest.mark.parametrize(("text", "room", "lines"), WRAPPED)
def test_lines_break_as_chinese_does(text, room, lines):
    assert wrap(text, room) == lines


@given(st.text(alphabet="金东区，。（）《》1234ab·𠮷", max_size=80), st.integers(4, 12))
def test_breaking_loses_nothing_and_never_runs_over(text, room):
    lines = wrap(text, room)
    assert "".join(lines) == text
    # A run of marks that may neither start nor end a line is the one thing that may be longer.
    for line in lines:
        assert width(line) <= room or not any(c in "金东区𠮷" for c in line[1:-1])


def test_all_lines_but_the_last_fill_the_measure():
    lines = paragraph(
        "自2021年4月12日起，按2021年度计划输送劳动力300人以上，6个月后留用率不低于60%，名册于每月10日前报送。" * 3
    )
    for number, line in enumerate(lines[:-1]):
        measure = (28 - (0 if number else 2)) * CELL
        assert width(line.text) * EM + (len(line.text) - 1) * line.spacing == pytest.approx(measure, abs=0.01)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        pytest.param("关于测试的通知", ("关于测试的通知",), id="一行"),
        pytest.param("关于甲\n等三家的通知", ("关于甲", "等三家的通知"), id="人工换行"),
        pytest.param(
            "关于同意设立金东区驻贵州省示例州示例县\n劳务协作工作站的通知",
            ("关于同意设立金东区驻贵州省示例州示例县", "劳务协作工作站的通知"),
            id="人工换行之前刚好放下",
        ),
        pytest.param(
            "关于设立金东区驻贵州省示例州示例县等3个工作站的通知",
            ("关于设立金东区驻贵州省示例州", "示例县等3个工作站的通知"),
            id="地名不拆开",
        ),
        pytest.param(
            "关于设立金东区驻新疆维吾尔自治区示例自治州示例陶县劳务协作工作站的通知",
            ("关于设立金东区驻新疆维吾尔自治区", "示例自治州示例陶县劳务协作工作站的通知"),
            id="长地名",
        ),
        pytest.param(
            "关于设立金东区驻新疆维吾尔自治区示例自治州示例陶县劳务协作\n工作站的通知",
            ("关于设立金东区驻新疆维吾尔自治区", "示例自治州示例陶县劳务协作", "工作站的通知"),
            id="人工换行后仍过宽",
        ),
    ],
)
def test_titles(title, lines):
    assert balanced(title, 19.6) == lines


def test_a_long_title_is_divided_between_words():
    first, second = balanced("关于同意设立测试甲等3家金东区省外劳务协作工作站的通知", 19.6)
    assert abs(width(first) - width(second)) <= 4
    assert second.startswith("省外")
