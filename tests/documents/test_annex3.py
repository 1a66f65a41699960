"""附件3 as the notice has it (R-70)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from jinhua_labor.documents.annex3 import Annex3, Annex3Line, Signature, annex3_pdf
from jinhua_labor.policy.load import versions

from .paper import pages, text

POLICY = versions()[0]
TITLE = "金东区劳务协作工作站评估表"


def lines(points: dict[str, str] | None = None) -> tuple[Annex3Line, ...]:
    return tuple(
        Annex3Line(
            row.category, row.name, row.criterion, row.weight, Decimal(points[row.code]) if points is not None else None
        )
        for row in POLICY.indicators
    )


FULL = {row.code: str(row.weight) for row in POLICY.indicators}
HEAD = "类别指标评分标准参考权重实际得分"


def test_空白表逐字照文件_别的什么也没有():
    pdf = annex3_pdf(Annex3(title=TITLE, station="", operator="", year="", lines=lines()))
    seen: set[str] = set()
    expected = []
    for row in POLICY.indicators:
        if row.category not in seen:
            expected.append(row.category)
            seen.add(row.category)
        expected += [row.name, row.criterion, str(row.weight)]
    body = "".join("".join(expected).split())
    assert text(pdf) == f"附件3{TITLE}工作站：承建单位：评估年度：{HEAD}{body}总分100"
    assert pages(pdf) == 1


def test_填好的表_得分总分结果和签名():
    form = Annex3(
        title=TITLE,
        station="示例县驻金东劳务协作工作站",
        operator="示例人力资源有限公司",
        year="第1年度（2021年4月1日至2022年3月31日）",
        lines=lines(FULL | {"D1": "5.5"}),
        total=Decimal("95.50"),
        result="合格",
        signatures=(Signature("评分人", "测试甲", dt.date(2022, 4, 20)), Signature("区人社局确认")),
        version="金东人社〔2021〕14号",
    )
    pdf = annex3_pdf(form)
    written = text(pdf)
    assert (
        "工作站：示例县驻金东劳务协作工作站承建单位：示例人力资源有限公司评估年度：第1年度（2021年4月1日至2022年3月31日）"
        in written
    )
    assert "105.5总分10095.5" in written
    assert "评估结果：合格评分人：测试甲2022年4月20日区人社局确认：年月日适用文件：金东人社〔2021〕14号" in written
    assert pages(pdf) == 1


@pytest.mark.parametrize(
    "name", ["新疆维吾尔自治区示例地区示例县驻金华市金东区省外劳务协作工作站（第二）", "𠮷䶮·示例站"]
)
def test_长名称和生僻字仍在一页之内(name: str):
    form = Annex3(
        title=TITLE,
        station=name,
        operator="示例省示例市金东区跨省劳务协作人力资源服务与职业技能培训咨询管理集团股份有限公司",
        year="第12年度（2032年4月1日至2033年3月31日）",
        lines=lines(FULL),
        total=Decimal(100),
        result="不合格（一票否决：年度内经核实的投诉3次）",
        signatures=tuple(
            Signature(capacity) for capacity in ("评分人", "复核人", "区就业服务中心（公章）", "区人社局")
        ),
    )
    pdf = annex3_pdf(form)
    assert name in text(pdf)
    assert pages(pdf) == 1


def test_草稿写明不是结果():
    form = Annex3(title=TITLE, station="示例站", operator="示例公司", year="第1年度", lines=lines(FULL))
    assert "评分草稿" in text(annex3_pdf(replace(form, draft="评分草稿，不是评估结果")))
