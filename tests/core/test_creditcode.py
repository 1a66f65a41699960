"""Unified social credit codes (GB 32100) and the inner organisation code (GB 11714), which only warns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from jinhua_labor.core.creditcode import ORG_WARNING, CreditCodeError, organisation_check, parse

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("91350100M000100Y43", "企业", id="标准文本示例"),
        pytest.param("91110000802100433B", "企业", id="真实结构示例"),
        pytest.param("91339999MA00000153", "企业", id="虚构承建单位"),
        pytest.param(" 91339999ma0000023x ", "企业", id="小写与空格"),
        pytest.param("９１３３９９９９ＭＡ０００００１５３", "企业", id="全角"),
    ],
)
def test_right_codes(text: str, kind: str) -> None:
    code = parse(text)
    assert (code.kind, code.warnings) == (kind, ())
    assert code.text.isascii()


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("", "empty", id="空"),
        pytest.param("91339999MA0000015", "length", id="17位"),
        pytest.param("913399990000000", "length", id="15位旧注册号"),
        pytest.param("91339999MA0000015O", "characters", id="字母O当作0"),
        pytest.param("91339999MA00000154", "checksum", id="末位错"),
        pytest.param("91339999AM00000153", "checksum", id="两位颠倒"),
    ],
)
def test_wrong_codes_say_why(text: str, error: str) -> None:
    with pytest.raises(CreditCodeError) as caught:
        parse(text)
    assert caught.value.code == error
    assert "营业执照" in caught.value.message


@given(st.text(alphabet=ALPHABET, min_size=15, max_size=15))
def test_a_wrong_organisation_code_only_warns(tail: str) -> None:
    body = "91" + "339999" + tail[:9]
    code = parse(body + uscc.calc_check_digit(body))
    assert code.warnings == (() if organisation_check(body[8:16]) == body[16] else (ORG_WARNING,))
