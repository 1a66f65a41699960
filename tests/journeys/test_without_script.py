"""The operator's half with JavaScript switched off: every step is a plain form."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from jinhua_labor.demo.accounts import PASSWORD

from . import applicant, crew, people
from .portal import Portal
from .visitor import Visitor

Window = Callable[..., Visitor]


def test_没有脚本_从登录到提交和补正(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    window = visitor("没有脚本", java_script_enabled=False).sign_in(user.username, PASSWORD)
    url = applicant.begin(window)
    page = window.page
    applicant.fill_in(window)
    window.press("保存申请表")
    expect(page.get_by_text(re.compile(r"已保存 \d\d:\d\d")).first).to_be_visible()
    expect(applicant.field(window, "profile")).to_have_value(applicant.TEXTS["profile"])
    with page.expect_navigation():
        page.get_by_role("button", name="添加劳务输出地区工作地点").click()
    assert len(applicant.sites(window, "address")) == 3
    with page.expect_navigation():
        page.get_by_role("button", name=re.compile("^移除这一处")).last.click()
    assert len(applicant.sites(window, "address")) == 2

    applicant.put_all(window, url)
    applicant.import_roster(window, url, crew.roster(crew.crew(52), crew.wrong_rows()[:1], unit="测试"))
    applicant.match_employers(window)
    applicant.commit(window)
    expect(page.get_by_text("已提交 52 行")).to_be_visible()
    applicant.hand_in(window, url)
    expect(page.locator("h1 .number")).to_have_text(re.compile("SL-330703-"))

    case = people.case_of(url)
    case.return_with("chushen", [("FIELD", "head_phone", "电话打不通，请核对。")])
    window.open(url)
    applicant.field(window, "head_phone").fill("13000000055")
    window.press("保存申请表")
    expect(page.locator("#told")).to_contain_text("1/1 已改")
    applicant.hand_in(window, url)
    assert case.application.head_phone == "13000000055"


def test_没有脚本_两处改同一栏_两个值都在(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    case = people.draft(user)
    url = people.address(inside, case)
    window = visitor("没有脚本", java_script_enabled=False).sign_in(user.username, PASSWORD)
    page = window.open(url)
    case.save(head="测试先到", partner_name="别处填的合作机构")
    applicant.field(window, "head").fill("测试后到")
    applicant.field(window, "liaison_name").fill("测试专人")
    window.press("保存申请表")
    expect(page.locator("#annex1")).to_contain_text("测试先到")
    expect(applicant.field(window, "head")).to_have_value("测试后到")
    assert case.application.head == "测试先到"
    assert case.application.liaison_name == "测试专人"
    window.press("保存申请表")
    expect(page.get_by_text(re.compile(r"已保存 \d\d:\d\d")).first).to_be_visible()
    assert (case.application.head, case.application.partner_name) == ("测试后到", "别处填的合作机构")
