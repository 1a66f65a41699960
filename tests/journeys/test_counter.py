"""窗口: a clerk enters the file of an operator that came with its papers; the operator confirms the promise."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from jinhua_labor.demo.accounts import PASSWORD

from . import applicant, crew, people
from .portal import Portal
from .visitor import Visitor

Window = Callable[..., Visitor]
COPIES = (2, 2, 2, 2, 1, 1, 2)


def test_窗口录入_单位确认承诺_录入人不能初审(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    assert user.organisation
    clerk = visitor("窗口").sign_in("shouli", PASSWORD)
    page = clerk.open("/applications/counter/")
    clerk.look("窗口录入")
    page.get_by_label("统一社会信用代码").fill(user.organisation.credit_code)
    clerk.press("查找单位")
    clerk.look("找到单位")
    clerk.press("为该单位录入申请")
    expect(page.locator("#annex1")).to_be_visible()
    url = page.url.split("?")[0]
    applicant.fill_in(clerk)
    page.locator("h1").click()
    expect(page.locator("[data-autosave-state]").first).to_contain_text(re.compile(r"已保存 \d"))
    applicant.put_all(clerk, url)
    for number, copies in enumerate(COPIES, 1):
        page.locator(f"[name=copies_{number}]").fill(str(copies))
    clerk.look("窗口材料")
    clerk.press("登记已收份数")
    expect(page.get_by_text("已登记收到的纸质份数")).to_be_visible()
    applicant.import_roster(clerk, url, crew.roster(crew.crew(51), unit=user.organisation.name))
    applicant.match_employers(clerk)
    applicant.commit(clerk)
    expect(page.get_by_text("已提交：新增 51 行")).to_be_visible()
    clerk.open(f"{url}submit/")
    expect(page.locator("#main")).to_contain_text("尚未确认承诺")
    clerk.look("等单位确认")

    unit = visitor("承建单位").sign_in(user.username, PASSWORD)
    unit.open(url)
    unit.look("确认承诺")
    pledge = unit.page.locator("#pledge")
    pledge.get_by_label("机构法人签名").fill(applicant.LEGAL_REP)
    pledge.locator("[name=pledged]").check()
    pledge.get_by_role("button").click()
    expect(unit.page.locator("#main")).to_contain_text("确认")

    clerk.open(f"{url}submit/")
    expect(page.locator("#main")).to_contain_text("申请单位已确认承诺")
    clerk.press("提交申请")
    expect(page.locator("h1 .number")).to_have_text(re.compile("SL-330703-"))
    expect(page.locator("#main")).to_contain_text("这件是您录入提交的，初审须由同事办理。")
    expect(page.get_by_role("button", name="同意，转区人社局审核")).to_have_count(0)
    clerk.look("录入人看自己的申请")


def test_窗口遇到没有注册的单位(visitor: Window) -> None:
    new = crew.new_unit()
    clerk = visitor("窗口").sign_in("shouli", PASSWORD)
    page = clerk.open("/applications/counter/")
    page.get_by_label("统一社会信用代码").fill(new.code)
    clerk.press("查找单位")
    expect(page.get_by_role("heading", name="这个单位还没有注册")).to_be_visible()
    clerk.look("没有注册的单位")
    for field, text in (("name", new.name), ("contact_name", "测试旅客"), ("contact_phone", "13000000009")):
        page.locator(f"#main [name={field}]").fill(text)
    page.locator("[name=consent]").check()
    clerk.press("登记单位")
    link = page.locator(".join-link").inner_text()
    clerk.look("单位已登记")

    unit = visitor("承建单位")
    unit.open(link)
    unit.look("设置账号")
    for field, text in (("name", "测试旅客"), ("username", new.username)):
        unit.page.locator(f"[name={field}]").fill(text)
    for field in ("password", "password_again"):
        unit.page.locator(f"[name={field}]").fill(PASSWORD)
    unit.page.locator("#main form button[type=submit]").first.click()
    expect(unit.page.get_by_text("账号已建立，请用它登录。")).to_be_visible()
    unit.sign_in(new.username, PASSWORD)
    expect(unit.page.get_by_text(new.name).first).to_be_visible()
