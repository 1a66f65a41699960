"""年度评估 (第七条) from 自评 to the bureau's confirmation: the station, two people of the centre, the bureau."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from assessments.models import Assessment, Sheet
from assessments.sheets.enums import Stage
from jinhua_labor.demo.accounts import PASSWORD

from . import crew, station
from .portal import Portal
from .visitor import Visitor

Window = Callable[..., Visitor]


def give(visitor: Visitor, code: str, **values: str) -> None:
    """One line of the sheet, saved by itself; the page stays where it is."""
    line = visitor.page.locator(f"#line-{code}")
    form = line.locator("form.sheet-form")
    if not form.is_visible():
        line.locator("summary").first.click()
    station.fill(form, **values)
    with visitor.page.expect_response(re.compile(f"/lines/{code}/$")):
        form.get_by_role("button", name=re.compile("^保存这一项")).click()
    expect(visitor.page.locator(f"#line-{code}.sheet-open")).to_have_count(0)


def test_自评_评分_复核_反馈_局确认(inside: Portal, visitor: Window) -> None:
    place = station.with_plaque()
    year = Assessment.objects.filter(station=place, stage=Stage.OPEN).latest("period_no")

    unit = visitor("承建单位").sign_in("jia", PASSWORD)
    page = unit.open(place.get_absolute_url())
    station.tab(unit, "年度评估")
    unit.look("站点的年度评估")
    unit.open(year.get_absolute_url())
    unit.look("自评")
    innovation = page.locator("#self-D1")
    innovation.locator("summary").first.click()
    station.fill(innovation.locator("form").last, text="本地做法：一企一群。", upload=[crew.scan("做法说明")])
    with page.expect_navigation():
        innovation.get_by_role("button", name="保存这一项").click()
    expect(innovation).to_contain_text("一企一群")
    page.get_by_label("自评说明").fill("全年工作平稳。")
    station.send(unit, "提交自评")
    station.told(unit, "自评已提交")
    sheet = Sheet.objects.get(assessment=year)

    scorer = visitor("评分人").sign_in("shouli", PASSWORD)
    table = scorer.open(sheet.get_absolute_url())
    scorer.look("评分")
    for code, parts in (("A1", 2), ("A2", 3), ("B1", 1)):
        give(scorer, code, **{f"part_{number}": "1" for number in range(parts)}, reason="已实地核实")
    give(scorer, "D1", points="0")
    expect(table.locator("#sheet-submit")).to_contain_text("十三项都已评分")
    station.send(scorer, "送复核")
    station.told(scorer, "已送复核")

    checker = visitor("复核人").sign_in("zhongxin", PASSWORD)
    checker.open(sheet.get_absolute_url())
    checker.look("复核")
    station.send(checker, "复核通过，送站点反馈")
    station.told(checker, "已送站点反馈")

    unit.open(sheet.get_absolute_url())
    unit.look("评分草稿")
    station.send(unit, "无意见")
    station.told(unit, "没有其他意见")

    checker.open(sheet.get_absolute_url())
    station.send(checker, "报区人社局确认")
    station.told(checker, "已报送确认")

    bureau = visitor("区人社局").sign_in("shenhe", PASSWORD)
    bureau.open(sheet.get_absolute_url())
    bureau.look("确认")
    station.send(bureau, "确认评估结果")
    station.told(bureau, "已确认评估结果")
    assert Assessment.objects.get(pk=year.pk).stage == Stage.CONFIRMED


def test_日历与各年度(inside: Portal, visitor: Window) -> None:
    centre = visitor("中心").sign_in("shouli", PASSWORD)
    centre.open("/assessments/")
    centre.look("各年度评估")
    with centre.page.expect_navigation():
        centre.follow("评估日历")
    centre.look("评估日历")
