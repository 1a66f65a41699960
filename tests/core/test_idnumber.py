"""Citizen identity numbers: GB 11643, what is normalised, what is refused and how it is told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from jinhua_labor.core import idnumber
from jinhua_labor.core.idnumber import IdNumberError, check_digit, examine, parse

TODAY = dt.date(2026, 11, 23)
BIRTHS = st.dates(min_value=dt.date(1900, 1, 1), max_value=TODAY)


def number(area: str, born: dt.date, sequence: int) -> str:
    head = f"{area}{born:%Y%m%d}{sequence:03d}"
    return head + check_digit(head)


@pytest.mark.parametrize(
    ("text", "born", "sex", "province"),
    [
        pytest.param("529999199001010019", "1990-01-01", "M", "52", id="贵州男"),
        pytest.param("529999199506150025", "1995-06-15", "F", "52", id="贵州女"),
        pytest.param("519999198402290035", "1984-02-29", "M", "51", id="闰日出生"),
        pytest.param("619999200509300014", "2005-09-30", "M", "61", id="陕西男"),
        pytest.param("419999197103010023", "1971-03-01", "F", "41", id="河南女"),
        pytest.param("339999198808080018", "1988-08-08", "M", "33", id="浙江男"),
        pytest.param("82999919900101001X", "1990-01-01", "M", "82", id="澳门居民居住证"),
        pytest.param("11010519491231002X", "1949-12-31", "F", "11", id="标准文本示例"),
    ],
)
def test_right_numbers(text: str, born: str, sex: str, province: str) -> None:
    assert parse(text, TODAY) == (text, dt.date.fromisoformat(born), sex, province)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("82999919900101001x", "82999919900101001X", id="小写x"),
        pytest.param("５２９９９９１９９００１０１００１９", "529999199001010019", id="全角数字"),
        pytest.param(" 529999 19900101 0019 ", "529999199001010019", id="空格分段"),
        pytest.param("529999199001010019\u3000", "529999199001010019", id="全角空格"),
        pytest.param("'529999199001010019", "529999199001010019", id="前导撇号"),
        pytest.param("\u200b529999199001010019\u202c", "529999199001010019", id="零宽与方向字符"),
        pytest.param("８２999919900101001Ｘ", "82999919900101001X", id="全角X"),
    ],
)
def test_lookalikes_are_one_number(typed: str, stored: str) -> None:
    assert parse(typed, TODAY).text == stored


@pytest.mark.parametrize(
    ("value", "code"),
    [
        pytest.param(None, "empty", id="空"),
        pytest.param("  ", "empty", id="只有空格"),
        pytest.param(5.22e17, "number", id="数值单元格"),
        pytest.param(529999199001010019, "number", id="整数单元格"),
        pytest.param("5.22E+17", "scientific", id="科学计数"),
        pytest.param("3.30703e17", "scientific", id="小写科学计数"),
        pytest.param("5.22999199001E+17", "scientific", id="长科学计数"),
        pytest.param("529999900101001", "fifteen", id="15位"),
        pytest.param("52999919900101001", "length", id="17位"),
        pytest.param("5299991990010100199", "length", id="19位"),
        pytest.param("52999919900101O019", "characters", id="字母O"),
        pytest.param("X29999199001010019", "characters", id="X不在末位"),
        pytest.param("529999199002300010", "birth", id="二月三十日"),
        pytest.param("519999198302290038", "birth", id="非闰年二月二十九"),
        pytest.param(number("529999", dt.date(2026, 11, 24), 1), "future", id="明天出生"),
        pytest.param("440524188001010014", "century", id="1880年"),
        pytest.param("110105194912310021", "checksum", id="校验码错"),
        pytest.param("529999199001010010", "checksum", id="末位错"),
        pytest.param("529999199001011000", "rounded", id="末三位被舍入为0"),
        pytest.param(number("009999", dt.date(1990, 1, 1), 1), "province", id="省级代码00"),
        pytest.param(number("669999", dt.date(1990, 1, 1), 1), "province", id="省级代码66"),
        pytest.param("52999919900101001\u0661", "characters", id="阿拉伯数字形"),
    ],
)
def test_wrong_numbers_say_why(value: object, code: str) -> None:
    assert examine(value, TODAY) == code
    with pytest.raises(IdNumberError) as caught:
        parse(value, TODAY)
    assert caught.value.code == code
    assert caught.value.message.endswith("。")


def test_born_today_is_not_the_future() -> None:
    assert parse(number("529999", TODAY, 1), TODAY).birth == TODAY


def test_scientific_form_is_shown_but_never_repaired() -> None:
    with pytest.raises(IdNumberError, match=r"5\.22E\+17.*文本"):
        parse("5.22E+17", TODAY)


def test_messages_never_repeat_the_whole_number() -> None:
    for code in idnumber.MESSAGES:
        if code != "scientific":
            assert "529999199001010010" not in idnumber.explain(code, "529999199001010010")


@given(st.sampled_from(["11", "33", "52", "65", "81"]), st.integers(0, 9999), BIRTHS, st.integers(0, 999))
def test_built_numbers_pass_and_every_other_last_character_fails(
    province: str, area: int, born: dt.date, sequence: int
) -> None:
    text = number(f"{province}{area:04d}", born, sequence)
    assert parse(text, TODAY).birth == born
    assert ric.calc_check_digit(text) == text[-1], "python-stdnum agrees on the check digit"
    for last in set("0123456789X") - {text[-1]}:
        assert examine(text[:-1] + last, TODAY) in ("checksum", "rounded")


@given(BIRTHS, st.integers(0, 999), st.integers(0, 16))
def test_one_wrong_digit_is_always_found(born: dt.date, sequence: int, place: int) -> None:
    text = number("529999", born, sequence)
    wrong = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    assert isinstance(examine(wrong, TODAY), str)


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.none(), st.booleans(), st.dates()))
def test_no_input_makes_it_raise(value: object) -> None:
    examine(value, TODAY)


@given(st.text(alphabet="0123456789X", min_size=18, max_size=18))
def test_whatever_is_accepted_has_the_right_check_digit(text: str) -> None:
    if not isinstance(examine(text, TODAY), str):
        assert ric.calc_check_digit(text) == text[-1]
