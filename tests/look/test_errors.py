"""Pages for what went wrong, the large type, and the standing notices."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client, RequestFactory

from jinhua_labor.core import clock
from jinhua_labor.dashboard import context, errors

PAGES = {
    "400": errors.handler400,
    "403": errors.handler403,
    "404": errors.handler404,
    "500": errors.handler500,
    "503": errors.busy,
    "csrf": errors.csrf_failure,
}


def ask(path: str = "/x/", **headers: str) -> HttpRequest:
    request = RequestFactory().get(path, headers=headers)
    request.request_id = "7f3a91c2d4e5"  # type: ignore[attr-defined]
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize("name", PAGES)
def test_出错页面用中文并带问题编号(name: str) -> None:
    response = PAGES[name](ask())
    html = response.content.decode()
    assert response.status_code == (403 if name == "csrf" else int(name))
    assert 'lang="zh-CN"' in html
    assert "7f3a91c2" in html
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", PAGES)
def test_脚本得到一句话而不是页面(name: str) -> None:
    body = json.loads(PAGES[name](ask(**{"X-Requested-With": "fetch"})).content)
    assert body["message"].endswith("。")
    assert body["reference"] == "7f3a91c2d4e5"


def test_模板也坏了仍有页面和编号() -> None:
    response = errors.page(ask(), "errors/none.html", status=500, message="")
    assert response.status_code == 500
    assert "7f3a91c2d4e5" in response.content.decode()


@pytest.mark.django_db
def test_出错页面不查数据库(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        errors.handler500(ask())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "goes"),
    [("/notices/?q=1", "/notices/?q=1"), ("https://example.org/", "/"), ("//example.org/", "/"), ("", "/")],
    ids=["本站", "外站", "协议相对", "空"],
)
def test_大字版只在站内跳转(client: Client, target: str, goes: str) -> None:
    response = client.get("/large-text/", {"on": "1", "next": target})
    assert response["Location"] == goes
    assert response.cookies["large_text"].value == "1"


@pytest.mark.parametrize(
    ("cookie", "kept", "large"),
    [("", True, True), ("", False, False), ("0", True, False), ("1", False, True), ("x", True, True)],
    ids=["按账号开", "按账号关", "本机关闭优先", "本机打开优先", "无效值看账号"],
)
def test_大字版本机选择优先(cookie: str, kept: bool, large: bool) -> None:
    request = ask()
    request.COOKIES = {"large_text": cookie} if cookie else {}
    request.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=True, large_text=kept, role="CENTRE", is_office=True
    )
    assert context.Portal(request).large_text is large


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "office", "words"),
    [
        (dt.date(2023, 12, 31), True, []),
        (dt.date(2024, 1, 1), True, ["延期尚未确认"]),
        (dt.date(2024, 1, 1), False, ["以区人社局公布的文件为准"]),
    ],
    ids=["试行期最后一天", "届满次日_工作人员", "届满次日_公众"],
)
def test_试行期届满提示(day: dt.date, office: bool, words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: day)
    request = ask()
    if office:
        request.user = SimpleNamespace(  # type: ignore[assignment]
            is_authenticated=True, role="CENTRE", is_office=True, large_text=False
        )
    texts = [banner.text for banner in context.Portal(request).banners]
    assert [any(word in text for text in texts) for word in words] == [True] * len(words)
    assert bool(texts) is bool(words)


def test_主办单位未设置就不显示(settings: Any) -> None:
    settings.SITE_SPONSOR = settings.SITE_PHONE = ""
    settings.SITE_ICP = "示例备案号"
    assert context.Portal(ask()).sponsor == {"icp": "示例备案号"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "admin", "shown", "hidden"),
    [
        ("CENTRE", True, {"单位注册"}, {"操作日志"}),
        ("OPERATOR", True, {"人员", "消息"}, {"单位注册"}),
        ("OPERATOR", False, {"消息"}, {"人员", "单位注册"}),
        ("AUDITOR", False, {"操作日志"}, {"人员"}),
    ],
    ids=["中心", "承建单位管理员", "承建单位普通人员", "审计"],
)
def test_导航只有本角色能打开的页面(role: str, admin: bool, shown: set[str], hidden: set[str]) -> None:
    request = ask()
    request.user = SimpleNamespace(  # type: ignore[assignment]
        is_authenticated=True, role=role, is_office=role == "CENTRE", large_text=False, is_org_admin=admin
    )
    portal = context.Portal(request)
    labels = {link.label for link in (*portal.nav, *portal.user_menu)}
    assert shown <= labels
    assert not hidden & labels
    assert len(portal.nav) <= 8


@pytest.mark.parametrize(
    ("role", "path", "active"),
    [
        ("CENTRE", "/inbox/", "/inbox/"),
        ("OPERATOR", "/inbox/", "/inbox/"),
        ("CENTRE", "/account/second-factor/on/", "/account/second-factor/"),
        ("CENTRE", "/account/registrations/", "/account/registrations/"),
        ("", "/account/login/", ""),
    ],
    ids=["消息不在导航里", "消息在导航里", "个人菜单", "主导航", "未登录"],
)
def test_现在在哪一项(role: str, path: str, active: str) -> None:
    request = ask(path)
    if role:
        request.user = SimpleNamespace(  # type: ignore[assignment]
            is_authenticated=True, role=role, is_office=role == "CENTRE", large_text=False, is_org_admin=False
        )
    assert context.Portal(request).active == active
