"""The province read from a 户籍 text."""

from __future__ import annotations

import pytest

from jinhua_labor.core.provinces import MAINLAND, PROVINCES, SHORT_NAMES, province_of_text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("贵州省示例州示例县", "52", id="省州县"),
        pytest.param("贵州示例州", "52", id="不带省字"),
        pytest.param(" 贵州 省 示例州", "52", id="夹空格"),
        pytest.param("中国贵州省", "52", id="前有中国"),
        pytest.param("内蒙古自治区", "15", id="三字简称全名"),
        pytest.param("黑龙江哈尔滨", "23", id="黑龙江"),
        pytest.param("广西壮族自治区百色市", "45", id="广西全名"),
        pytest.param("广西百色", "45", id="广西简写"),
        pytest.param("重庆市酉阳县", "50", id="重庆"),
        pytest.param("浙江省金华市", "33", id="浙江"),
        pytest.param("新疆生产建设兵团第一师", "65", id="兵团归新疆"),
        pytest.param("新疆阿克苏", "65", id="新疆"),
        pytest.param("吉林市船营区", "22", id="吉林市在吉林省"),
        pytest.param("海南省儋州市", "46", id="海南省"),
        pytest.param("澳门特别行政区", "82", id="澳门"),
        pytest.param("海南州共和县", None, id="青海的海南州不是海南省"),
        pytest.param("河南蒙古族自治县", None, id="青海的河南县不是河南省"),
        pytest.param("示例州示例县", None, id="只有州县"),
        pytest.param("黔南州", None, id="简称不猜"),
        pytest.param("", None, id="空"),
        pytest.param("越南", None, id="外国"),
    ],
)
def test_province_of_text(text: str, code: str | None) -> None:
    assert province_of_text(text) == code


def test_every_name_and_short_name_is_read_as_itself() -> None:
    assert len(PROVINCES) == 34
    assert len(MAINLAND) == 31
    for code, name in PROVINCES.items():
        assert province_of_text(name) == code
        assert province_of_text(SHORT_NAMES[code] + "某县") == code
