"""The station's year (第六条): the station keeps it, the centre supervises, people complain, the bureau decides."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from openpyxl import load_workbook
from playwright.sync_api import expect

from jinhua_labor.core.clock import today
from jinhua_labor.core.idnumber import parse
from jinhua_labor.demo.accounts import PASSWORD
from jinhua_labor.demo.cases import person
from jinhua_labor.demo.people import MACHINES
from stations.registry.models import Employer
from stations.roster.services import retention, year_rows
from stations.roster.services.rows import RowFields
from tests.meta import rows

from . import crew, people, station
from .portal import Portal
from .visitor import PHONE, Visitor

Window = Callable[..., Visitor]
NUMBER = re.compile(r"\d+")


def test_站点添加人员_看两个时钟_统计留用_导出名册(inside: Portal, visitor: Window) -> None:
    place, worker = station.with_plaque(), station.newcomer(station.before(6, 7))
    unit = visitor("承建单位").sign_in("jia", PASSWORD)
    page = unit.open(place.get_absolute_url())
    station.tab(unit, "名册")
    unit.look("年度名册")
    unit.follow("逐人添加")
    unit.look("逐人添加")
    station.fill(page.locator("#main form.form"), **station.typed(worker), reason="漏登，按劳动合同补录")
    station.send(unit, "添加人员")
    station.told(unit, f"已添加{worker.name}")

    page.get_by_text("按完整身份证号查找").click()
    page.get_by_label("完整身份证号").fill(worker.id_number)
    station.send(unit, "查找人员")
    row = page.locator("#rows tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("0 / 2 个月")
    expect(row).to_contain_text("已到统计日")
    assert worker.id_number not in page.url
    with page.expect_navigation():
        row.get_by_role("link", name=worker.name).click()
    unit.look("名册中的一人")

    retention.open_due(day=today())  # what the hourly task does
    unit.open(place.get_absolute_url())
    station.tab(unit, "留用统计")
    unit.look("待统计留用")
    chosen = 0
    for line in page.locator(".answers tbody tr").all():
        answer = line.locator("select")
        known = worker.name not in line.inner_text()
        answer.select_option("LEFT" if known and not answer.input_value() else answer.input_value() or "RETAINED")
        chosen += 1
    station.send(unit, "提交本页统计")
    station.told(unit, f"已统计 {chosen} 人并锁定")

    station.tab(unit, "名册")
    with page.expect_navigation():
        unit.follow("导出名册")
    unit.look("导出名册")
    page.get_by_label("工作表").check()
    page.get_by_label("用途").fill("核对本年度人员")
    with page.expect_download() as given:
        page.get_by_role("button", name=re.compile(r"导出 \d+ 行")).click()
    assert not re.search(r"\d{17}", given.value.suggested_filename)
    sheet = load_workbook(io.BytesIO(given.value.path().read_bytes()), read_only=True).active
    assert sum(1 for _ in sheet.iter_rows()) > 30


def test_站点补台账_缺项扣分随之减少_打印成册(inside: Portal, visitor: Window) -> None:
    place = station.with_plaque()
    unit = visitor("承建单位").sign_in("jia", PASSWORD)
    page = unit.open(place.get_absolute_url())
    station.tab(unit, "台账")
    unit.look("本年度台账")
    with page.expect_navigation():
        page.locator(".tabs").nth(1).get_by_role("link").nth(1).click()  # last year: nothing is kept of it
    stake = page.locator(".notice-title", has_text="项 = −")
    missing, points = map(int, NUMBER.findall(stake.inner_text()))
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile("^登记.*企业基本情况")).first.click()
    unit.look("登记台账")
    station.fill(page.locator("#main form"), title="企业基本情况及营业执照", file=[crew.scan("企业基本情况")])
    station.send(unit, "登记台账")
    station.told(unit, "已登记「企业基本情况及营业执照」")
    expect(stake).to_contain_text(f"缺 {missing - 1} 项")
    assert int(NUMBER.findall(stake.inner_text())[1]) < points
    unit.look("往年台账")

    page.get_by_label("打印用途").fill("年度归档")
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^打印第")).click()
    expect(page.get_by_text("已完成")).to_be_visible(timeout=60_000)
    unit.look("台账印好")
    with page.expect_navigation():
        unit.follow("下载结果文件")
    token = page.locator("#main [name=csrfmiddlewaretoken]").input_value()
    answer = unit.context.request.post(
        page.url, form={"csrfmiddlewaretoken": token, "purpose": "年度归档"}, headers={"Referer": page.url}
    )
    with pikepdf.open(io.BytesIO(answer.body())) as book:
        assert len(book.pages) > 5


def test_中心导入参保_人数变了为什么_手机上走访_站点整改_复查办结(inside: Portal, visitor: Window) -> None:
    place, worker = station.with_plaque(), station.newcomer(station.before(3), insured=3)
    fields = RowFields(
        name=worker.name,
        hukou_text=worker.hukou,
        employer=Employer.objects.get(credit_code=MACHINES.credit_code),
        entry_on=worker.entry_on,
        employment_form=worker.form,
        id_number=parse(worker.id_number),
    )
    year_rows.add(station=place, fields=fields, consented=True, by=person("jia"))
    centre = visitor("中心").sign_in("chushen", PASSWORD)
    page = centre.open(place.get_absolute_url())
    station.tab(centre, "参保查询")
    centre.look("站点参保查询")
    first, last = worker.entry_on, station.before(1)
    station.fill(
        page.locator("#main form", has=page.locator("[name=month_from]")),
        file=[station.extract(place, worker, first=first, last=last)],
        month_from=f"{first:%Y%m}",
        month_to=f"{last:%Y%m}",
        source="省社保系统查询",
    )
    station.send(centre, "导入并核算人数")
    station.told(centre, "人数已重新核算")
    centre.look("参保查询结果")
    with page.expect_navigation():
        centre.follow("查看核算变化")
    changed = page.locator("tbody tr", has_text=worker.name)
    expect(changed).to_contain_text("计入")
    expect(changed).to_contain_text("消除")
    centre.look("核算变化")

    phone = visitor("中心", viewport=PHONE, has_touch=True).sign_in("chushen", PASSWORD)
    page = phone.open(place.get_absolute_url())
    station.tab(phone, "走访与整改")
    with page.expect_navigation():
        phone.follow("登记走访")
    phone.look("手机登记走访")
    line = page.locator("#line-B3")
    line.get_by_text("有问题", exact=True).click()
    line.get_by_text("写问题和整改期限").click()
    station.fill(
        page.locator("#main form"),
        note_B3="消防演练记录没有归档。",
        due_B3=station.day(10),
        account="查看台账三册，专人在岗。",
        photos=[crew.photo("台账柜")],
    )
    station.send(phone, "登记走访记录")
    station.told(phone, "走访已登记")
    with page.expect_navigation():
        phone.follow("消防演练记录没有归档")
    address = page.url
    phone.look("发现的问题")

    unit = visitor("承建单位").sign_in("jia", PASSWORD)
    unit.open(address)
    station.fill(
        station.form_to(unit, "rectify"),
        text="演练记录已补归台账第2册。",
        done_on=station.day(),
        papers=[crew.photo("台账第2册")],
    )
    unit.look("整改")
    station.send(unit, "提交整改")
    station.told(unit, "待复查")
    phone.open(address)
    station.fill(station.form_to(phone, "recheck"), passed="yes")
    station.send(phone, "登记复查结果")
    station.told(phone, "复查通过")
    phone.look("整改办结")


def test_更换专人_事先报备与迟报(inside: Portal, visitor: Window) -> None:
    place = station.with_plaque()
    unit = visitor("承建单位").sign_in("jia", PASSWORD)
    centre = visitor("中心").sign_in("zhongxin", PASSWORD)
    page = unit.page
    numbers = []
    for name, effective, said in (("测试戌", 5, "事先报备"), ("测试亥", -3, "不是事先报备")):
        unit.open(place.get_absolute_url())
        station.tab(unit, "专人与变更")
        with page.expect_navigation():
            unit.follow("报备变更")
        with page.expect_navigation():
            unit.follow("站点负责人（专人）")
        unit.look("报备专人变更")
        station.fill(
            page.locator("#main form.form"),
            name=name,
            phone="0579-82190011",
            effective_on=station.day(effective),
            reason="原专人另有安排。",
            paper_FORM=[crew.scan("变更报备表（盖章）")],
        )
        station.send(unit, "提交报备")
        station.told(unit, said)
        numbers.append(page.locator("h1 .number").inner_text())
        centre.open(page.url)
        centre.look(said)
        station.send(centre, "备案", within=station.form_to(centre, "file"))
        station.told(centre, "已备案")
    unit.open(place.get_absolute_url())
    station.tab(unit, "专人与变更")
    unit.look("专人与变更")
    late = page.locator(".card", has_text="本年度未落实的变动")
    expect(late).to_contain_text(numbers[1])
    expect(late).not_to_contain_text(numbers[0])
    expect(page.locator("tr", has_text="测试亥")).to_contain_text("在任")


def test_群众没有脚本也能投诉_凭查询码看答复_核实后站点看到后果(inside: Portal, visitor: Window) -> None:
    place = station.with_plaque()
    citizen = visitor("群众", java_script_enabled=False)
    page = citizen.open("/oversight/complain/")
    form = page.locator("#main form")
    station.fill(
        form, station=f"{place.pk}", from_kind="WORKER", content="到厂后被要求交200元介绍费。", against_rights="WORKER"
    )
    station.send(citizen, "提交投诉")
    code = page.locator(".complaint-code").inner_text()
    number = page.locator("#main .mono", has_text="TS").inner_text()

    centre = visitor("中心").sign_in("chushen", PASSWORD)
    centre.open("/oversight/complaints/")
    with centre.page.expect_navigation():
        centre.follow(number)
    centre.look("待告知的投诉")
    station.fill(station.form_to(centre, "tell"), told_how="匿名，凭查询码告知。", shown="有务工人员反映被收取介绍费。")
    station.send(centre, "登记告知")
    unit = visitor("承建单位").sign_in("jia", PASSWORD)
    unit.open(place.get_absolute_url())
    station.tab(unit, "投诉与事故")
    before = unit.page.locator(".notice-title").first.inner_text()
    with unit.page.expect_navigation():
        unit.follow(number)
    unit.look("请站点说明的投诉")
    station.fill(station.form_to(unit, "explain"), text="系门卫私自收取，已退还。")
    station.send(unit, "提交情况说明")

    centre.open(centre.page.url)
    centre.look("核实投诉")
    station.fill(station.form_to(centre, "verify"), verdict="YES", finding="收取介绍费属实，已退还。")
    station.send(centre, "登记核实结果")
    station.fill(station.form_to(centre, "close"), reply="经核实属实，已责令退还。")
    station.send(centre, "答复办结")
    unit.open(place.get_absolute_url())
    station.tab(unit, "投诉与事故")
    unit.look("投诉的后果")
    expect(unit.page.locator(".notice-title").first).not_to_have_text(before)

    page = citizen.open("/oversight/complain/status/")
    page.get_by_label("查询码").fill(code)
    station.send(citizen, "查询投诉")
    station.told(citizen, "经核实属实，已责令退还。")
    assert code not in page.url


def test_取消资格_提出_告知_申辩_另一人初审_局决定(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    place = rows.station(operator=user.organisation, name=f"{user.organisation}工作站")
    clerk = visitor("中心").sign_in("chushen", PASSWORD)
    page = clerk.open(place.get_absolute_url())
    station.tab(clerk, "取消资格")
    with page.expect_navigation():
        clerk.follow("提出取消")
    station.fill(
        page.locator("#main form"), grounds="G2", facts="登记的工作地点已退租。", evidence=[crew.scan("检查记录")]
    )
    clerk.look("提出取消")
    station.send(clerk, "提出取消")
    station.send(clerk, "告知承建单位")
    address = page.url

    unit = visitor("承建单位").sign_in(user.username, PASSWORD)
    unit.open(address)
    unit.look("事先告知")
    station.fill(station.form_to(unit, "statement"), text="已另行租赁场所。", files=[crew.scan("新租赁合同")])
    station.send(unit, "提交陈述申辩")
    clerk.open(address)
    station.fill(station.form_to(clerk, "answer"), text="新租赁合同经核实无效，不予采纳。")
    station.send(clerk, "处理完毕，报审")
    expect(station.form_to(clerk, "screen")).to_have_count(0)
    station.told(clerk, "初审须由同事办理")

    colleague = visitor("中心负责人").sign_in("zhongxin", PASSWORD)
    colleague.open(address)
    colleague.look("取消的初审")
    station.fill(station.form_to(colleague, "screen"), recommendation="AGREE", opinion="事实清楚，同意取消。")
    station.send(colleague, "报区人社局决定")
    bureau = visitor("局").sign_in("juzhang", PASSWORD)
    bureau.open(address)
    bureau.look("取消的决定")
    station.fill(
        station.form_to(bureau, "decide"),
        doc_no=f"金东人社〔{today().year}〕{crew.serial()}号",
        issued_on=station.day(),
        upload=[crew.scan("取消资格决定书盖章件")],
    )
    station.send(bureau, "决定取消资格")
    station.told(bureau, "已决定取消")
    bureau.look("已决定取消")
    unit.open(address)
    station.told(unit, "不得重新申报")
    unit.look("被取消的单位")
