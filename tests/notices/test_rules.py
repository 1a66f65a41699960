"""The scan before anything is published."""

import pytest

from jinhua_labor.notices.rules import scan


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        pytest.param("张某，身份证号529999199001010019。", ["身份证号"], id="身份证号"),
        pytest.param("号码５２９９９９１９９００１０１００１９", ["身份证号"], id="全角身份证号"),
        pytest.param("529999 19900101 001X", ["身份证号"], id="分段的身份证号"),
        pytest.param("联系13800000000", ["手机号"], id="手机号"),
        pytest.param("联系138-0000-0000", ["手机号"], id="带横线的手机号"),
        pytest.param("账号6222 0000 0000 0000 001", ["银行账号"], id="银行账号"),
        pytest.param("身份证529999199001010019，手机13800000000", ["身份证号", "手机号"], id="两处"),
        pytest.param("信用代码91339999MA00000153", [], id="信用代码不是个人信息"),
        pytest.param("金东人社〔2021〕14号，2021年3月23日，40000元", [], id="文号日期金额"),
        pytest.param("监督电话0579-82190000", [], id="座机"),
    ],
)
def test_个人信息扫描(text, kinds):
    assert [finding.kind for finding in scan(text)] == kinds


def test_摘录不再露出号码():
    (finding,) = scan("身份证号529999199001010019，请核对")
    assert "52999919900101" not in finding.excerpt


def test_本单位公开电话可以出现():
    assert scan("咨询13800000000", allowed=frozenset({"13800000000"})) == ()
