"""Double clicks, the back button and two tabs: one application, one hand-in, one decision."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from jinhua_labor.demo.accounts import PASSWORD
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.states import Action, State
from stations.applications.models import Application

from . import applicant, people
from .portal import Portal
from .visitor import Visitor

Window = Callable[..., Visitor]
TWICE = "form => { form.submit(); form.submit(); }"  # past the script that keeps a second click away


def sign(page: Page) -> None:
    page.get_by_label("机构法人签名").fill(applicant.LEGAL_REP)
    page.locator("[name=pledged]").check()


def steps(case: people.Case, action: Action) -> int:
    return ReviewEvent.objects.filter(review=case.application.review, action=action).count()


def test_双击开始只有一份草稿(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    window = visitor("承建单位").sign_in(user.username, PASSWORD)
    page = window.open("/applications/start/")
    page.get_by_role("button", name="开始填写申请").dblclick()
    expect(page.locator("#annex1")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_role("link", name="继续我的申请")).to_be_visible()
    page.go_back()
    assert Application.objects.filter(operator=user.organisation).count() == 1


def test_提交时双击_后退再交_两个标签页_都只有一件(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    case = people.complete(user)
    url = people.address(inside, case)
    window = visitor("承建单位").sign_in(user.username, PASSWORD)
    one, other = window.open(f"{url}submit/"), window.tab()
    other.goto(f"{url}submit/")
    for page in (one, other):
        sign(page)
    form = one.locator('form[action$="/submit/"]')
    form.evaluate(TWICE)
    expect(one.locator("h1 .number")).to_be_visible()
    number = one.locator("h1 .number").inner_text()
    assert steps(case, Action.SUBMIT) == 1

    other.locator("#main").get_by_role("button", name="提交申请").click()
    window.page = other
    expect(other.locator("#main")).to_contain_text("已被测试旅客")
    expect(other.locator("#main")).to_contain_text(applicant.LEGAL_REP)  # what was typed is shown again
    window.look("另一个标签页已经提交")
    one.go_back()
    one.wait_for_load_state()
    if one.locator("[name=signer]").count():  # the browser may show its copy of the page
        sign(one)
        one.locator("#main").get_by_role("button", name="提交申请").click()
        expect(one.locator("#main")).to_contain_text("已被测试旅客")
    window.open(url)
    expect(other.locator("h1 .number")).to_have_text(number)
    assert steps(case, Action.SUBMIT) == 1
    assert Application.objects.filter(operator=user.organisation).count() == 1


def test_审核双击和两人同时决定_只有一个决定(inside: Portal, visitor: Window) -> None:
    case = people.screened(people.operator())
    url = people.address(inside, case)
    first, second = (visitor(name).sign_in(name, PASSWORD) for name in ("shenhe", "juzhang"))
    for window in (first, second):
        window.open(url)
    first.page.locator('form[action$="/approve/"]').first.evaluate(TWICE)
    expect(first.page.get_by_text("已审核通过，待发文")).to_be_visible()
    second.page.locator("summary", has_text="不予设立").click()
    form = second.page.locator('form[action$="/reject/"]')
    form.locator("[name=clause]").select_option(index=1)
    form.locator("[name=reason]").fill("另一位的理由，不能丢")
    form.get_by_role("button", name="作出不予设立决定").click()
    expect(second.page.get_by_role("heading", name="这次操作没有完成")).to_be_visible()
    expect(second.page.locator("#main")).to_contain_text("另一位的理由，不能丢")
    second.look("别人先决定了")
    assert case.application.review.state == State.APPROVED
    assert steps(case, Action.APPROVE) == 1
    assert steps(case, Action.REJECT) == 0
