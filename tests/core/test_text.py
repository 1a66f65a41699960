"""Hostile and rare text (X2, X3), names, telephone numbers, masks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinhua_labor.core.masks import mask_id, mask_name, mask_phone, mask_tail
from jinhua_labor.core.people import clean_name, clean_phone, name_warning
from jinhua_labor.core.text import TextError, clean_text, match_key


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  测试甲 ", "测试甲", id="首尾空格"),
        pytest.param("a\u202efdp.exe", "afdp.exe", id="反向字符"),
        pytest.param("测\u200b试\ufeff", "测试", id="零宽字符"),
        pytest.param("e\u0301", "é", id="组合为NFC"),
        pytest.param("𠮷䶮𬱖𰻝", "𠮷䶮𬱖𰻝", id="生僻字原样"),
        pytest.param("\ue000", "\ue000", id="造字区原样"),
        pytest.param("ＡＢＣ①", "ＡＢＣ①", id="全角不折成半角"),
        pytest.param("一\r\n二\t三", "一 二 三", id="换行与制表变空格"),
        pytest.param("买买提·吐尔逊", "买买提·吐尔逊", id="间隔号原样"),
    ],
)
def test_clean_text_keeps_what_people_write(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_line_breaks_are_kept_where_asked() -> None:
    assert clean_text("一\r\n二\u2028三\n", multiline=True) == "一\n二\n三"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("a\x00b", "control", id="空字符"),
        pytest.param("a\x1bb", "control", id="转义字符"),
        pytest.param("a\ud83d", "surrogate", id="半个代理对"),
        pytest.param("Z" + "\u0335" * 40, "marks", id="叠加符号泛滥"),
        pytest.param("长" * 11, "length", id="超长"),
    ],
)
def test_clean_text_refuses(typed: str, code: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_text(typed, max_length=10 if code == "length" else None)
    assert caught.value.code == code


def test_length_counts_characters_not_bytes() -> None:
    assert clean_text("𠮷" * 10, max_length=10) == "𠮷" * 10


@given(st.text(max_size=60))
def test_cleaned_text_is_stable_and_storable(text: str) -> None:
    try:
        cleaned = clean_text(text, multiline=True)
    except TextError:
        return
    assert clean_text(cleaned, multiline=True) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    cleaned.encode("utf-8")
    assert not {unicodedata.category(char) for char in cleaned.replace("\n", "")} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize("dot", list("·•‧・．.･⋅"), ids=lambda dot: f"U+{ord(dot):04X}")
def test_interpuncts_meet_when_matched(dot: str) -> None:
    assert match_key(f"买买提{dot}吐尔逊") == match_key("买买提·吐尔逊")
    assert clean_name(f"买买提{dot}吐尔逊") == f"买买提{dot}吐尔逊", "and are stored as written"


def test_different_names_do_not_meet() -> None:
    assert match_key("测试甲") != match_key("测试乙")
    assert match_key(" 测 试　甲") == match_key("测试甲")


@pytest.mark.parametrize(
    ("name", "warned"),
    [
        pytest.param("测试甲", False, id="常见"),
        pytest.param("䶮𠮷", False, id="生僻字"),
        pytest.param("阿卜杜热合曼·买买提", False, id="间隔号"),
        pytest.param("Anna Test", False, id="外文"),
        pytest.param("测试甲1", True, id="带数字"),
        pytest.param("测试甲（已离职）", True, id="带括注"),
        pytest.param("测试甲*", True, id="带星号"),
    ],
)
def test_unusual_names_only_warn(name: str, warned: bool) -> None:
    assert clean_name(name) == name
    assert bool(name_warning(name)) is warned


def test_name_length() -> None:
    assert clean_name("长" * 50)
    with pytest.raises(TextError):
        clean_name("长" * 51)
    with pytest.raises(TextError):
        clean_name(" \u200b ")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        pytest.param("13000000000", "13000000000", id="手机"),
        pytest.param("１３０ ００００ ００００", "13000000000", id="全角与空格"),
        pytest.param("+86 13000000000", "13000000000", id="国际区号"),
        pytest.param("0579-00000000", "0579-00000000", id="固定电话"),
        pytest.param("0579－00000000", "0579-00000000", id="全角横线"),
        pytest.param("0579-00000000-8001", "0579-00000000-8001", id="带分机"),
    ],
)
def test_phones(typed: str, stored: str) -> None:
    assert clean_phone(typed) == stored


@pytest.mark.parametrize("typed", ["", "1300000000", "12000000000", "82190000", "130000000001", "abc"])
def test_wrong_phones(typed: str) -> None:
    with pytest.raises(TextError, match="区号"):
        clean_phone(typed)


def test_masks_show_four_characters_at_most() -> None:
    assert mask_id("529999199001010019") == mask_id("0019") == "**************0019"
    assert [mask_name(name) for name in ("测试甲", "测试·阿卜杜拉", "测", "")] == ["测**", "测**", "测**", ""]
    assert mask_phone("13800000000") == "138****0000"
    assert mask_phone("0579-00000012") == "0579-******12"
    assert mask_tail("0000000000000000001") == "***************0001"
    assert mask_tail("12345") == "*****"
