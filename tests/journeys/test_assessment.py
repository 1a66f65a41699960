"""年度评估 (第七条) from the day the year is over to the final result: station, centre, bureau, public."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable

import pikepdf
from playwright.sync_api import expect

from assessments.models import Assessment
from assessments.sheets.enums import Stage
from assessments.sheets.services import results, review, self_assessment
from jinhua_labor.accounts.models import User
from jinhua_labor.demo.accounts import PASSWORD
from jinhua_labor.demo.cases import person
from jinhua_labor.demo.years import Told, Year
from jinhua_labor.notices.models import Notice

from . import assessing, crew, people, station
from .portal import Portal
from .visitor import PHONE, Visitor

Window = Callable[..., Visitor]


def test_自评_两人评分_复核_反馈_答复_局确认(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    year = assessing.over_yesterday(user)

    unit = visitor("承建单位").sign_in(user.username, PASSWORD)
    page = unit.open(year.station.get_absolute_url())
    station.tab(unit, "年度评估")
    unit.look("站点的年度评估")
    with page.expect_navigation():
        unit.follow("第1年度")
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
    sheet = assessing.sheet_of(year)

    colleague = visitor("另一评分人").sign_in("chushen", PASSWORD)
    colleague.open(sheet.get_absolute_url())
    scorer = visitor("评分人").sign_in("shouli", PASSWORD)
    table = scorer.open(sheet.get_absolute_url())
    expect(table.locator("#presence")).to_contain_text("测试初审")
    scorer.look("评分")
    scorer.open(sheet.get_absolute_url())  # looking leaves empty styles behind, which htmx would copy
    assessing.judge(scorer)
    late = assessing.line(colleague, "D1")
    station.fill(late, points="3", reason="有本地做法", files=[crew.scan("做法说明")])
    assessing.save(colleague, "D1", status=409)
    refused = colleague.page.locator("#line-D1")
    expect(refused).to_contain_text("刚刚由测试受理保存，没有覆盖")
    expect(refused.locator(".dl")).to_contain_text("0 分")
    expect(refused.locator("[name=points][value='3']")).to_be_checked()
    colleague.look("先保存的算数")
    expect(table.locator("#sheet-submit")).to_contain_text("十三项都已评分")
    station.send(scorer, "送复核")
    station.told(scorer, "已送复核")

    checker = visitor("复核人").sign_in("zhongxin", PASSWORD)
    checker.open(sheet.get_absolute_url())
    checker.look("复核")
    station.send(checker, "复核通过，送站点反馈")
    station.told(checker, "已送站点反馈")

    phone = visitor("承建单位", viewport=PHONE, has_touch=True).sign_in(user.username, PASSWORD)
    phone.open(sheet.get_absolute_url())
    phone.look("评分草稿")
    activities = phone.page.locator("#line-C3")
    activities.locator("summary").first.click()
    activities.get_by_text("对这一项提意见").click()
    station.fill(station.form_to(phone, "answers/C3"), text="另有一场线上招聘会。", upload=[crew.scan("报名名单")])
    with phone.page.expect_navigation():
        activities.get_by_role("button", name="提交意见").click()
    station.told(phone, "意见已提交")
    station.send(phone, "没有其他意见，结束反馈")
    station.told(phone, "没有其他意见")

    checker.open(sheet.get_absolute_url())
    checker.look("站点有意见")
    checker.page.locator("#line-C3").get_by_label("答复").fill("线上招聘会没有金东企业参加，不计。")
    station.send(checker, "答复这条意见")
    station.told(checker, "已答复")
    station.send(checker, "报区人社局确认")
    station.told(checker, "已报送确认")

    bureau = visitor("区人社局").sign_in("shenhe", PASSWORD)
    bureau.open(sheet.get_absolute_url())
    bureau.look("确认")
    station.send(bureau, "确认评估结果")
    station.told(bureau, "已确认评估结果")
    unit.open(year.get_absolute_url())
    unit.look("局已确认的年度")
    assert Assessment.objects.get(pk=year.pk).stage == Stage.CONFIRMED


def confirmed(user: User) -> Assessment:
    """A year brought as far as 公示 by the services."""
    year = assessing.over_yesterday(user)
    self_assessment.submit(assessment_id=year.pk, text="全年工作平稳。", by=user)
    told = Year(year, user.username, Told(seen=True, innovation=0))
    for step in (told.score, told.hand_on, told.check, told.agree, told.report, told.confirm):
        step()
    return year


def announced(visitor: Visitor, year: Assessment, official: Visitor) -> Notice:
    """This result alone put into a notice by the centre, released by an official."""
    page = visitor.open("/assessments/results/")
    visitor.look("待公示的结果")
    for box in page.locator("[name=years]").all():
        box.set_checked(box.get_attribute("value") == str(year.pk))
    station.send(visitor, "拟公示稿")
    station.told(visitor, "公示稿已拟好")
    official.open(page.url)
    official.look("待发布的公示稿")
    station.send(official, "发布")
    station.told(official, "已发布")
    notice = assessing.sheet_of(year).notice
    assert notice is not None
    return notice


def fetched(visitor: Visitor, name: str) -> io.BytesIO:
    """The file behind a link of the page."""
    href = visitor.page.locator("#main").get_by_role("link", name=name).first.get_attribute("href")
    answer = visitor.context.request.get(f"{visitor.portal.url}{href}")
    assert answer.ok
    return io.BytesIO(answer.body())


def test_公示_异议成立_重新评分_再公示_结果确定_打印(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    year = confirmed(user)
    before = assessing.sheet_of(year)
    centre = visitor("中心").sign_in("shouli", PASSWORD)
    bureau = visitor("区人社局").sign_in("juzhang", PASSWORD)
    notice = announced(centre, year, bureau)

    anyone = visitor("公众", viewport=PHONE, has_touch=True)
    page = anyone.open(notice.get_absolute_url())
    anyone.look("评估结果公示")
    page.locator("main details summary").first.click()
    station.fill(
        station.form_to(anyone, "objection"),
        name="测试异议人",
        contact="0579-00000000",
        content="该站当年举办过一场招聘会，没有计分。",
        evidence=[crew.scan("招聘会照片")],
    )
    station.send(anyone, "提交异议")
    station.told(anyone, "异议已收到")

    page = centre.open(year.get_absolute_url())
    centre.look("有异议的结果")
    page.locator("details", has_text="异议成立").locator("summary").first.click()
    page.get_by_label("重新评分的理由").fill("招聘会经核实应计一场。")
    station.send(centre, "重新评分")
    station.told(centre, "已退回重新评分")
    centre.open(f"/notices/manage/{notice.pk}/")
    page.locator(".objection details summary").first.click()
    page.get_by_label("答复内容").fill("经核实，异议成立，已重新评分，结果另行公示。")
    station.send(centre, "登记答复")
    station.told(centre, "已登记答复")
    sheet = assessing.sheet_of(year)
    centre.open(sheet.get_absolute_url())
    centre.look("重新评分")
    assessing.override(centre, "C3", "5", "异议成立：举办招聘会一场，照片和签到表已核对。")
    station.send(centre, "送复核")
    station.told(centre, "已送复核")
    review.check(sheet_id=sheet.pk, by=person("zhongxin"))
    review.agree(sheet_id=sheet.pk, by=user)
    review.screen(sheet_id=sheet.pk, opinion="如实复核。", by=person("zhongxin"))
    review.confirm(sheet_id=sheet.pk, opinion="同意评估结果。", by=person("shenhe"))

    last = announced(centre, year, bureau)
    assert last.pk != notice.pk
    anyone.open(last.get_absolute_url())
    station.told(anyone, "此前公示的该年度结果以本次为准")
    assert last.ends_on is not None
    day = last.ends_on + dt.timedelta(days=1)
    assert results.settle(assessment_id=year.pk, day=day, by=User.objects.system())  # what the hourly task does then

    unit = visitor("承建单位").sign_in(user.username, PASSWORD)
    unit.open(year.get_absolute_url())
    station.told(unit, "确定")
    unit.look("已确定的年度")
    sheet.refresh_from_db()
    assert (before.total, sheet.total) == (40, 45)
    with pikepdf.open(fetched(unit, "打印附件3")) as annex:
        assert len(annex.pages) == 1
    centre.open("/assessments/results/")
    centre.look("已确定的结果")
    with pikepdf.open(fetched(centre, "通报 PDF")) as bulletin:
        assert bulletin.pages
    with zipfile.ZipFile(fetched(centre, "Word")) as document:
        assert year.station.name in document.read("word/document.xml").decode()
