"""附件1 while things go wrong: a session that ends, a network that fails, two tabs, a form sent twice."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from jinhua_labor.demo.accounts import PASSWORD

from . import applicant, people
from .portal import Portal
from .visitor import Visitor

Window = Callable[..., Visitor]
SAVED = re.compile(r"^已保存 \d\d:\d\d")


def state(page: Page) -> Locator:
    return page.locator("[data-autosave-state]").first


def typed(page: Page, name: str, text: str) -> None:
    """Into one field, and out of it."""
    box = page.locator(f'#annex1 [name="{name}"]')
    box.fill(text)
    box.blur()


def kept(page: Page) -> list[str]:
    """What the portal's own script left in this tab; htmx notes the address there too."""
    return page.evaluate("Object.keys(sessionStorage).filter(key => !key.startsWith('htmx'))")


@pytest.fixture
def writer(inside: Portal, visitor: Window) -> tuple[Visitor, str]:
    """An operator before an empty draft."""
    user = people.operator()
    url = people.address(inside, people.draft(user))
    window = visitor("承建单位").sign_in(user.username, PASSWORD)
    window.open(url)
    return window, url


@pytest.mark.parametrize("cookies", ["sessionid", None], ids=["会话到期", "浏览器清了全部痕迹"])
def test_填到一半登录超时_重新登录后什么也没丢(writer: tuple[Visitor, str], cookies: str | None) -> None:
    window, url = writer
    page = window.page
    typed(page, "head", "测试超时前")
    expect(state(page)).to_have_text(SAVED)
    window.context.clear_cookies(name=cookies)
    typed(page, "profile", "超时以后写的简介，" * 8)
    expect(state(page)).to_contain_text("登录已超时")
    typed(page, "partner_name", "超时以后写的合作机构")
    expect(state(page)).to_contain_text("内容已暂存在本页")
    window.look("登录超时")

    with page.expect_popup() as popup:
        page.get_by_role("link", name="在新标签页重新登录").click()
    again = popup.value
    again.get_by_label("登录账号").fill(window.username)
    again.get_by_label("密码").fill(PASSWORD)
    again.locator("#main").get_by_role("button", name="登录", exact=True).click()
    expect(again.locator(".topbar-person")).to_be_visible()
    again.close()
    page.get_by_role("button", name="登录后重试").click()
    expect(state(page)).to_have_text(SAVED)
    window.open(url)
    for name, text in (
        ("head", "测试超时前"),
        ("profile", "超时以后写的简介，" * 8),
        ("partner_name", "超时以后写的合作机构"),
    ):
        expect(page.locator(f'#annex1 [name="{name}"]')).to_have_value(text)
    assert kept(page) == []


def test_保存失败说得响_网络恢复后自己补上(writer: tuple[Visitor, str]) -> None:
    window, url = writer
    page = window.page
    window.context.set_offline(True)
    typed(page, "head", "断网时写的")
    expect(state(page)).to_contain_text("保存失败")
    expect(state(page)).to_have_attribute("role", "alert")
    window.look("保存失败")
    window.context.set_offline(False)
    expect(state(page)).to_have_text(SAVED)
    window.open(url)
    expect(applicant.field(window, "head")).to_have_value("断网时写的")


def test_名册和号码从不留在浏览器里(writer: tuple[Visitor, str]) -> None:
    window, url = writer
    page = window.open(f"{url}?tab=roster")
    window.context.set_offline(True)
    page.evaluate(
        "document.querySelectorAll('input').forEach(i => i.dispatchEvent(new Event('change', {bubbles: true})))"
    )
    assert kept(page) == []
    assert page.evaluate("localStorage.length") == 0


def test_两个标签页改同一栏要问_改别的栏不问(writer: tuple[Visitor, str]) -> None:
    window, url = writer
    one, other = window.page, window.tab()
    other.goto(url)
    typed(one, "head", "测试甲页")
    expect(state(one)).to_have_text(SAVED)
    typed(other, "partner_name", "别的一栏")
    expect(state(other)).to_have_text(SAVED)
    expect(other.locator("[data-conflict]")).to_have_count(0)

    typed(other, "head", "测试乙页")
    question = other.locator("[data-conflict=head]")
    expect(question).to_contain_text("测试甲页")
    expect(question).to_contain_text("测试乙页")
    window.page = other
    window.look("同一栏的两个值")
    question.get_by_role("button", name="保留我填写的").click()
    expect(state(other)).to_have_text(SAVED)
    one.reload()
    expect(one.locator('#annex1 [name="head"]')).to_have_value("测试乙页")
    expect(one.locator('#annex1 [name="partner_name"]')).to_have_value("别的一栏")


def test_不合格的内容说在旁边_页面上的不丢(writer: tuple[Visitor, str]) -> None:
    window, _ = writer
    page = window.page
    typed(page, "head_phone", "12")
    expect(page.locator("[data-autosave-error=head_phone]")).to_be_visible()
    expect(state(page)).to_contain_text("没有保存")
    window.look("不合格的电话")
    typed(page, "head_phone", "13000000001")
    expect(page.locator("[data-autosave-error=head_phone]")).to_have_count(0)
    expect(state(page)).to_have_text(SAVED)
