"""The frames and scripts in a real browser: widths, large type, no script, keyboard, autosave."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from . import pages

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server: Any, settings: Any) -> str:
    settings.LOCAL = True
    settings.ROOT_URLCONF = "tests.look.pages"
    pages.SAVED.clear()
    pages.SAVED.update(name="示例人力资源有限公司", plan="")
    pages.POSTS.clear()
    pages.MODE["answer"] = "ok"
    return str(live_server.url)


@pytest.mark.parametrize("width", [1440, 1024, 360])
@pytest.mark.parametrize(
    "query", ["", "?frame=public", "?frame=review", "?large=1"], ids=["工作台", "公开", "审核", "大字版"]
)
def test_无障碍检查与不横向滚动(site: str, tab: Page, width: int, query: str) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{site}/styleguide/{query}")
    tab.wait_for_selector(".chart canvas")
    result = Axe().run(tab)
    assert result.violations_count == 0, result.generate_report()
    assert tab.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_大字版字号与触控目标(site: str, tab: Page) -> None:
    tab.goto(f"{site}/styleguide/?large=1")
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert tab.locator("body").evaluate(size) == pytest.approx(16 * 1.3)
    assert tab.locator(".portal-table td").first.evaluate(size) >= 18
    for button in tab.locator(".btn:visible").all():
        assert button.bounding_box()["height"] >= 60  # type: ignore[index]


def test_没有脚本也能打开菜单和看到数据表(site: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/styleguide/")
    page.locator(".topbar-person").click()
    expect(page.get_by_role("link", name="修改密码").first).to_be_visible()
    expect(page.get_by_role("cell", name="1月").first).to_be_visible()
    expect(page.locator("[data-viewer-tools]")).to_have_count(0)
    context.close()


def test_没有脚本不说会自动保存(site: str, tab: Page, chromium: Browser) -> None:
    tab.goto(f"{site}/draft/")
    expect(tab.get_by_text("填写后自动保存")).to_be_visible()
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/draft/")
    expect(page.get_by_text("填写后请保存")).to_be_visible()
    context.close()


@pytest.mark.parametrize("query", ["", "?frame=public", "?frame=review"], ids=["工作台", "公开", "审核"])
def test_手指够得着单独的链接(site: str, chromium: Browser, query: str) -> None:
    context = chromium.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{site}/styleguide/{query}")
    alone = ".topbar-name, .crumbs a, .pager a, .meter-legend a, .portal-table th[scope=row] a, main summary"
    for link in page.locator(alone).locator("visible=true").all():
        box = link.bounding_box()
        assert box
        assert box["height"] >= 44, link.text_content()
    context.close()


def test_窄屏上从现在的那一项看起(site: str, tab: Page) -> None:
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto(f"{site}/policy/")
    expect(tab.locator(".public-nav [aria-current]")).to_have_text("政策文件")
    expect(tab.locator(".public-nav [aria-current]")).to_be_in_viewport(ratio=1)


def test_键盘_先到跳过链接_Esc关闭菜单(site: str, tab: Page) -> None:
    tab.goto(f"{site}/styleguide/")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="跳到主要内容")).to_be_focused()
    tab.locator(".topbar-person").click()
    panel = tab.locator(".topbar .menu-panel")
    expect(panel).to_be_visible()
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tab.locator(".topbar-person")).to_be_focused()


def test_手机上每格带列名(site: str, tab: Page) -> None:
    tab.set_viewport_size({"width": 360, "height": 900})
    tab.goto(f"{site}/styleguide/")
    cell = tab.locator("td[data-label='入职单位']").first
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"入职单位"'
    expect(tab.get_by_role("columnheader", name="入职单位")).to_have_count(1)


def test_选中的文件列出大小_过大当场说明(site: str, tab: Page) -> None:
    tab.goto(f"{site}/styleguide/")
    tab.locator("#papers").set_input_files(
        [
            {"name": "协议.pdf", "mimeType": "application/pdf", "buffer": b"x" * 2048},
            {"name": "照片.jpg", "mimeType": "image/jpeg", "buffer": b"x" * (21 * 1024 * 1024)},
        ]
    )
    rows = tab.locator("[data-dropzone-list] li")
    expect(rows.nth(0)).to_contain_text("2 KB")
    expect(rows.nth(1)).to_contain_text("超过 20.0 MB")


def test_材料用方向键换页(site: str, tab: Page) -> None:
    tab.goto(f"{site}/styleguide/?frame=review")
    name = tab.locator("[data-viewer-name]")
    expect(name).to_have_text("申请表")
    tab.keyboard.press("ArrowRight")
    expect(name).to_have_text("营业执照")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowLeft")
    expect(name).to_have_text("申请表")
    tab.keyboard.press("r")
    assert "rotate(90deg)" in tab.locator(".viewer-page img").get_attribute("style")  # type: ignore[operator]


def test_在PDF里点过之后_鼠标移开方向键照样换页(site: str, tab: Page) -> None:
    tab.goto(f"{site}/papers/")
    name, inside = tab.locator("[data-viewer-name]"), tab.locator("[data-viewer-inside]")
    tab.keyboard.press("ArrowRight")
    expect(name).to_have_text("办法")
    expect(inside).to_be_hidden()
    sheet = tab.locator("[data-viewer-page] iframe").bounding_box()
    assert sheet
    middle = sheet["x"] + sheet["width"] / 2, sheet["y"] + sheet["height"] / 2
    tab.mouse.click(*middle)
    expect(inside).to_be_visible()
    tab.keyboard.press("ArrowLeft")
    expect(name).to_have_text("办法")  # the browser's own viewer has the key: it scrolls
    tab.mouse.move(*middle)
    expect(inside).to_be_visible()
    tab.mouse.move(sheet["x"] - 20, sheet["y"] + 20)
    expect(inside).to_be_hidden()
    tab.keyboard.press("ArrowLeft")
    expect(name).to_have_text("协议")
    tab.get_by_role("button", name="下一份").click()
    expect(name).to_have_text("办法")


def test_连点两次只提交一次(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    tab.evaluate("() => { const b = document.querySelector('#plain button'); b.click(); b.click(); }")
    expect(tab.get_by_role("heading")).to_have_text("已送出")
    assert len(pages.POSTS) == 1
    tab.go_back()
    tab.locator("#plain button").click()
    expect(tab.get_by_role("heading")).to_have_text("已送出")
    assert len(pages.POSTS) == 2


# --- autosave ----------------------------------------------------------------------------------------------------
def state(tab: Page) -> Any:
    return expect(tab.locator("[data-autosave-state]"))


def kept(tab: Page) -> str | None:
    return tab.evaluate("sessionStorage.getItem('unsaved:a1')")


def fill(tab: Page, name: str, value: str) -> None:
    tab.locator(f"#{name}").fill(value)
    tab.locator(f"#{name}").blur()


def test_改一格就保存一格(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    fill(tab, "plan", "全年输送 60 人")
    state(tab).to_have_text("已保存 14:32")
    assert pages.POSTS == [{"field": "plan", "value": "全年输送 60 人", "previous": ""}]
    fill(tab, "plan", "全年输送 80 人")
    state(tab).to_have_text("已保存 14:32")
    assert pages.SAVED["plan"] == "全年输送 80 人"
    assert pages.POSTS[-1]["previous"] == "全年输送 60 人"


def test_停下不动也会保存(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    tab.locator("#plan").press_sequentially("六十人")
    state(tab).to_have_text("已保存 14:32")
    assert pages.SAVED["plan"] == "六十人"


def test_保存失败醒目_内容暂存_重试后清除(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    pages.MODE["answer"] = "down"
    fill(tab, "plan", "断网时写的")
    state(tab).to_contain_text("保存失败")
    expect(tab.locator("[data-autosave-state]")).to_have_attribute("role", "alert")
    assert "断网时写的" in str(kept(tab))
    pages.MODE["answer"] = "ok"
    tab.get_by_role("button", name="重试保存").click()
    state(tab).to_have_text("已保存 14:32")
    assert kept(tab) is None


def test_登录超时_提示在新标签页登录_不丢内容(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    pages.MODE["answer"] = "login"
    fill(tab, "plan", "超时前写的")
    state(tab).to_contain_text("登录已超时")
    link = tab.get_by_role("link", name="在新标签页重新登录")
    with tab.context.expect_page() as signing_in:
        link.click()
    expect(signing_in.value.get_by_role("heading")).to_have_text("已登录")
    pages.MODE["answer"] = "ok"
    tab.get_by_role("button", name="登录后重试").click()
    state(tab).to_have_text("已保存 14:32")
    assert pages.SAVED["plan"] == "超时前写的"


def test_重新打开页面_问是否恢复(site: str, tab: Page) -> None:
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.goto(f"{site}/draft/")
    pages.MODE["answer"] = "down"
    fill(tab, "plan", "还没保存的")
    state(tab).to_contain_text("保存失败")
    pages.MODE["answer"] = "ok"
    tab.reload()
    tab.get_by_role("button", name="恢复未保存的内容").click()
    state(tab).to_have_text("已保存 14:32")
    expect(tab.locator("#plan")).to_have_value("还没保存的")
    assert kept(tab) is None


@pytest.mark.parametrize("by", ["断网恢复", "保存别的格", "按保存"])
def test_还没决定恢复_什么也不丢(site: str, tab: Page, by: str) -> None:
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.goto(f"{site}/draft/")
    pages.MODE["answer"] = "down"
    fill(tab, "plan", "还没保存的")
    state(tab).to_contain_text("保存失败")
    pages.MODE["answer"] = "ok"
    tab.reload()
    expect(tab.get_by_role("button", name="恢复未保存的内容")).to_be_visible()
    if by == "断网恢复":
        tab.evaluate("dispatchEvent(new Event('online'))")
    elif by == "按保存":
        tab.locator("form[data-autosave-url]").evaluate("form => form.requestSubmit()")
    fill(tab, "name", "另一格")
    state(tab).to_contain_text("还有 1 处没有保存")
    assert "还没保存的" in str(kept(tab))
    tab.get_by_role("button", name="恢复未保存的内容").click()
    state(tab).to_have_text("已保存 14:32")
    assert pages.SAVED["plan"] == "还没保存的"
    assert kept(tab) is None


def test_脚本到达之前填的也保存(site: str, tab: Page) -> None:
    held: list[Route] = []
    tab.route("**/portal.js", lambda route: held.append(route))
    tab.goto(f"{site}/draft/", wait_until="commit")
    tab.locator("#plan").fill("脚本还没到")
    held[0].continue_()
    state(tab).to_have_text("已保存 14:32")
    assert pages.SAVED["plan"] == "脚本还没到"


def test_还没送到就离开_回来可以恢复(site: str, tab: Page) -> None:
    tab.on("dialog", lambda dialog: dialog.accept())
    tab.goto(f"{site}/draft/")
    held = [True]  # on its way, never answered; the second one waits behind it
    tab.route("**/autosave/", lambda route: None if held else route.continue_())
    fill(tab, "name", "正在送的")
    fill(tab, "plan", "排在后面的")
    state(tab).to_have_text("正在保存…")
    held.clear()
    tab.reload()
    tab.get_by_role("button", name="恢复未保存的内容").click()
    state(tab).to_contain_text("已保存")
    assert (pages.SAVED["name"], pages.SAVED["plan"]) == ("正在送的", "排在后面的")
    assert kept(tab) is None


@pytest.mark.parametrize(
    ("choice", "stays"), [("保留我填写的", "我的名称"), ("用已保存的", "别人的名称")], ids=["保留自己的", "用别人的"]
)
def test_同一格被别人改动_两个值都给看再选(site: str, tab: Page, choice: str, stays: str) -> None:
    tab.goto(f"{site}/draft/")
    pages.SAVED["name"] = "别人的名称"
    fill(tab, "name", "我的名称")
    box = tab.locator("[data-conflict=name]")
    expect(box).to_contain_text("别人的名称")
    expect(box).to_contain_text("我的名称")
    tab.get_by_role("button", name=choice).click()
    expect(box).to_have_count(0)
    state(tab).to_contain_text("已保存")
    expect(tab.locator("#name")).to_have_value(stays)
    assert pages.SAVED["name"] == stays
    assert kept(tab) is None


def test_选项被别人改动_给看的是文字(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    pages.SAVED["area"] = "51"
    tab.locator("#area").select_option("62")
    box = tab.locator("[data-conflict=area]")
    expect(box).to_contain_text("现在保存的：四川省")
    expect(box).to_contain_text("您填写的：甘肃省")


def test_别的格被改动不打扰(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    pages.SAVED["name"] = "别人的名称"
    fill(tab, "plan", "我的计划")
    state(tab).to_have_text("已保存 14:32")
    expect(tab.locator("[data-conflict]")).to_have_count(0)


def test_不合格的内容说在旁边_改好后消失(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    pages.MODE["answer"] = "invalid"
    fill(tab, "name", "长" * 41)
    expect(tab.locator("[data-autosave-error=name]")).to_have_text("单位名称不能超过 40 个字。")
    pages.MODE["answer"] = "ok"
    fill(tab, "name", "短名称")
    expect(tab.locator("[data-autosave-error=name]")).to_have_count(0)
    assert pages.SAVED["name"] == "短名称"


def test_提交前先把没保存的存好_没存好就不提交(site: str, tab: Page) -> None:
    tab.goto(f"{site}/draft/")
    pages.MODE["answer"] = "down"
    tab.locator("#plan").fill("最后一句")
    tab.get_by_role("button", name="提交申请").click()
    state(tab).to_contain_text("保存失败")
    assert [post for post in pages.POSTS if "done" in post] == []
    pages.MODE["answer"] = "ok"
    tab.get_by_role("button", name="提交申请").click()
    expect(tab.get_by_role("heading")).to_have_text("已送出")
    assert pages.SAVED["plan"] == "最后一句"
    assert len([post for post in pages.POSTS if "done" in post]) == 1
