"""What the two offices do: confirm a unit, look people up, mark, judge, forward, approve, issue."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playwright.sync_api import Locator, expect

from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import month_of
from jinhua_labor.demo.people import Worker
from jinhua_labor.policy.periods import add_months

from . import crew
from .visitor import Visitor

LETTERS = re.compile("[A-Za-z]{3,}")


def confirm_registration(centre: Visitor, name: str) -> None:
    centre.open("/account/registrations/")
    centre.look("单位注册")
    centre.follow(name)
    centre.look("一个注册")
    centre.press("确认注册")
    expect(centre.page.get_by_text("已确认").first).to_be_visible()


def look_up(centre: Visitor, url: str, people: Sequence[Worker]) -> None:
    """The extract of the insurance office, asked for all months since the first entry."""
    centre.open(f"{url}?tab=roster")
    centre.follow("社保核对")
    centre.look("社保核对")
    page = centre.page
    page.locator("input[type=file]").set_input_files(crew.insurance(people))
    page.get_by_label("查询起月").fill(str(month_of(min(one.entry_on for one in people))))
    page.get_by_label("查询止月").fill(str(month_of(add_months(today().replace(day=1), -1))))
    page.get_by_label("来源").fill("市社会保险信息系统导出")
    centre.press("导入并核算人数")
    expect(page.get_by_text("人数已重新核算")).to_be_visible()


def marked(centre: Visitor, label: str) -> Locator:
    """The line of the review page that stands for a field, a paper or a person."""
    return centre.page.locator(".mark-row", has=centre.page.locator(".mark-label", has_text=label)).first


def mark(centre: Visitor, label: str, text: str) -> None:
    """有问题, one line, without leaving the page."""
    row = marked(centre, label)
    row.locator("summary").first.click()
    row.locator("[name=text]").fill(text)
    row.get_by_role("button", name="标记").click()
    expect(marked(centre, label).locator(".defect")).to_contain_text(text)


def judge_all(centre: Visitor) -> None:
    """Credit, both sites, every condition: 符合."""
    page = centre.page
    credit = page.locator('form[action$="/review/credit/"]')
    credit.get_by_label("无不良记录").check()
    # Counted only on a page that has wholly come: while it is being read there are fewer.
    with page.expect_navigation():
        credit.get_by_role("button", name="登记信用核查").click()
    for number in range(page.locator('form[action*="/review/sites/"]').count()):
        form = page.locator('form[action*="/review/sites/"]').nth(number)
        form.get_by_label("核查方式和情况").fill("实地走访，与申请表一致")
        with page.expect_navigation():
            form.get_by_role("button", name=re.compile("登记核查")).click()
    forms = page.locator("form.judge-form")
    for number in range(forms.count()):
        form = forms.nth(number)
        form.get_by_label("符合", exact=True).check()
        with page.expect_response(re.compile("/review/judgements/")):
            form.get_by_role("button", name=re.compile("保存判断")).click()
        expect(page.locator(".judgement").nth(number).locator(".judgement-said")).to_contain_text("符合")


def screen(centre: Visitor) -> None:
    """同意, forwarded."""
    centre.page.locator("#steps").get_by_role("button", name="同意，转区人社局审核").click()
    expect(centre.page.get_by_text("已初审（同意）")).to_be_visible()
