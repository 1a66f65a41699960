from __future__ import annotations

import pytest

from jinhua_labor.core.docno import DocNoError, normalise_doc_no, parse_doc_no

NUMBERS = [
    pytest.param("金东人社〔2021〕14号", "金东人社〔2021〕14号", id="已经规范"),
    pytest.param("金东人社[2021]14号", "金东人社〔2021〕14号", id="R-19a 方括号"),
    pytest.param("金东人社（2021）14号", "金东人社〔2021〕14号", id="全角圆括号"),
    pytest.param("金东人社(2021)14号", "金东人社〔2021〕14号", id="半角圆括号"),
    pytest.param("金东人社【2021】14号", "金东人社〔2021〕14号", id="方头括号"),
    pytest.param("金东人社［2021］１４号", "金东人社〔2021〕14号", id="全角数字"),
    pytest.param(" 金东人社〔2021〕 第 014 号 ", "金东人社〔2021〕14号", id="空格、第、前导零"),
]
REFUSED = [
    pytest.param("", id="空"),
    pytest.param("金东人社2021年14号", id="没有括号"),
    pytest.param("金东人社〔21〕14号", id="年份不全"),
    pytest.param("金东人社〔2021〕0号", id="零号"),
    pytest.param("金东人社〔2021〕14", id="没有号字"),
    pytest.param("〔2021〕14号", id="没有机关代字"),
    pytest.param("金东人社〔2021〕123456号", id="序号过长"),
    pytest.param("JDRS〔2021〕14号", id="机关代字不是汉字"),
]


@pytest.mark.parametrize(("typed", "printed"), NUMBERS)
def test_a_number_has_one_spelling(typed, printed):
    assert normalise_doc_no(typed) == printed


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_number_is_refused_with_an_example(typed):
    with pytest.raises(DocNoError, match="金东人社〔2021〕14号"):
        normalise_doc_no(typed)


def test_the_parts():
    assert parse_doc_no("金东人社[2021]014号") == ("金东人社", 2021, 14)
