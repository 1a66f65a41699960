"""公示 of results as pure rules (R-31): how far it has come, and what the notice says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from assessments.sheets.rules.results import NoticeFact, Publicity, ResultLine, announcement, publicity
from jinhua_labor.notices.rules import scan
from jinhua_labor.policy.load import versions

LAST = dt.date(2021, 10, 13)  # posted 2021-09-30
POLICY = versions()[0]


@pytest.mark.parametrize(
    ("notice", "on", "expected"),
    [
        pytest.param(None, LAST, Publicity.NONE, id="没有公示稿或已撤回"),
        pytest.param(NoticeFact(published=False), LAST, Publicity.WAITING, id="未发布"),
        pytest.param(NoticeFact(True, LAST), dt.date(2021, 9, 30), Publicity.RUNNING, id="发布当日"),
        pytest.param(NoticeFact(True, LAST), LAST, Publicity.RUNNING, id="截止当日仍在公示"),
        pytest.param(NoticeFact(True, LAST), dt.date(2021, 10, 14), Publicity.OVER, id="次日期满"),
        pytest.param(NoticeFact(True, LAST, 1), LAST, Publicity.OBJECTED, id="期内有异议"),
        pytest.param(NoticeFact(True, LAST, 1), dt.date(2021, 11, 1), Publicity.OBJECTED, id="期满而异议未答复"),
    ],
)
def test_公示到哪一步(notice: NoticeFact | None, on: dt.date, expected: Publicity):
    assert publicity(notice, on=on) is expected


def line(**fields: object) -> ResultLine:
    values: dict[str, object] = {
        "station": "示例县驻金东劳务协作工作站",
        "operator": "示例人力资源有限公司",
        "number": 1,
        "start": dt.date(2021, 4, 1),
        "end": dt.date(2022, 3, 31),
        "total": Decimal("89.50"),
        "outcome": "合格",
        "vetoed": False,
    }
    return ResultLine(**{**values, **fields})  # type: ignore[arg-type]


def said(*lines: ResultLine) -> tuple[str, str]:
    return announcement(lines, policy=POLICY, office="区就业服务中心", phone="0579-00000000")


def test_公示稿写明站点单位年度分数结果和异议渠道():
    title, body = said(line())
    assert title == "关于示例县驻金东劳务协作工作站年度评估结果的公示"
    assert (
        "1．示例县驻金东劳务协作工作站（承建单位：示例人力资源有限公司），第1年度（2021年4月1日至2022年3月31日）：89.5分，合格。"
        in body
    )
    assert "公示期自发布次日起5个工作日" in body
    assert "向区就业服务中心（电话：0579-00000000）提出" in body
    assert scan(title, body, allowed=frozenset({"057900000000"})) == ()


def test_一票否决随总分一并公布():
    assert "95分，不合格（一票否决）。" in said(line(total=Decimal(95), outcome="不合格", vetoed=True))[1]


def test_几个站一份公示():
    title, body = said(line(), line(station="另一工作站"))
    assert title == "关于2个省外劳务协作工作站年度评估结果的公示"
    assert "2．另一工作站" in body


def test_一个站的两个年度不算两个站():
    title, body = said(line(), line(number=2))
    assert title == f"关于{line().station}年度评估结果的公示"
    assert "2．" in body


def test_改变了的结果另行公示并写明以本次为准():
    title, body = said(line(again=True))
    assert title.endswith("年度评估结果的更正公示")
    assert "此前公示的该年度结果以本次为准。" in body


def test_没有电话时不留空括号():
    assert "电话" not in announcement([line()], policy=POLICY, office="区就业服务中心", phone="")[1]
