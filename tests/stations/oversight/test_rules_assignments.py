"""R-21: how long an assignment opens anything, and what stays of a text."""

from __future__ import annotations

import datetime as dt

import pytest

from stations.oversight.rules.assignments import (
    Term,
    lasts,
    name_tells,
    not_offered,
    problem_of_end,
    state_of,
    without_names,
    without_numbers,
)
from tests.stations.registry.test_rules import POLICY

FIRST, LAST = dt.date(2023, 3, 1), dt.date(2023, 3, 31)


@pytest.mark.parametrize(
    ("on", "ended", "open_", "label"),
    [
        pytest.param("2023-02-28", False, False, "已到期", id="委托前一日"),
        pytest.param("2023-03-01", False, True, "进行中", id="委托当日"),
        pytest.param("2023-03-30", False, True, "进行中", id="截止前一日"),
        pytest.param("2023-03-31", False, True, "今天截止", id="截止当日仍开放"),
        pytest.param("2023-04-01", False, False, "已到期", id="截止次日不再开放"),
        pytest.param("2023-03-15", True, False, "中心已结束", id="中心提前结束"),
        pytest.param("2023-03-31", True, False, "中心已结束", id="截止当日已被结束"),
    ],
)
def test_委托期间(on: str, ended: bool, open_: bool, label: str) -> None:
    term, day = Term(FIRST, LAST, ended=ended), dt.date.fromisoformat(on)
    assert lasts(term, on=day) is open_
    assert state_of(term, on=day)[1] == label


@pytest.mark.parametrize(
    ("ends_on", "words"),
    [
        pytest.param("2023-02-28", "不能早于今天", id="昨天"),
        pytest.param("2023-03-01", "", id="今天"),
        pytest.param("2023-05-30", "", id="满90天"),
        pytest.param("2023-05-31", "最长90天，截止日期不能晚于2023年5月30日", id="满90天次日"),
        pytest.param("9999-12-31", "最长90天", id="没有边际"),
    ],
)
def test_委托最长90天(ends_on: str, words: str) -> None:
    found = problem_of_end(dt.date.fromisoformat(ends_on), on=FIRST, settings=POLICY.settings)
    assert words in found
    assert bool(words) is bool(found)


def test_只能选可以提供的文件() -> None:
    assert not not_offered([1, 2], [1, 2, 3])
    assert not not_offered([], [])
    assert not_offered([1, 4], [1, 2, 3])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("联系13800000000核实", "联系***********核实", id="手机号"),
        pytest.param("电话0579-82190000", "电话*************", id="座机"),
        pytest.param("电话82190000", "电话********", id="没有区号的座机"),
        pytest.param("证件519999199001010017", "证件" + "*" * 18, id="身份证号"),
        pytest.param("证件５１９９９９１９９００１０１００１７", "证件" + "*" * 18, id="全角身份证号"),
        pytest.param("电话０５７９－８２１９００００。", "电话*************。", id="全角座机"),
        pytest.param("走访，“２次”；都好", "走访，“２次”；都好", id="别的字不变"),
        pytest.param("走访ZF-330703-20230412-001", "走访ZF-330703-20230412-001", id="编号不遮"),
        pytest.param("2023-03-01前补齐2份合同", "2023-03-01前补齐2份合同", id="日期不遮"),
    ],
)
def test_问题文字里的号码遮盖(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("测试丁没有合同", "测**没有合同", id="姓名"),
        pytest.param("测试丁、测试丁戊没有合同", "测**、测**没有合同", id="长的姓名先遮"),
        pytest.param("买买提·吐尔逊的工资", "买**的工资", id="少数民族姓名"),
        pytest.param("三名人员没有合同", "三名人员没有合同", id="没有姓名"),
    ],
)
def test_问题文字里的姓名遮盖(text: str, shown: str) -> None:
    assert without_names(text, ["测试丁", "测试丁戊", "买买提·吐尔逊"]) == shown


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        pytest.param("519999199001010017.png", True, id="身份证号"),
        pytest.param("专人13800000000.pdf", True, id="手机号"),
        pytest.param("mmexport1764388123456.jpg", False, id="手机照片的时间"),
        pytest.param("IMG_20230412_153022.jpg", False, id="相机照片的日期"),
        pytest.param("营业执照.pdf", False, id="没有号码"),
    ],
)
def test_文件名里的号码(name: str, tells: bool) -> None:
    assert name_tells(name) is tells
