"""V16: what is logged when things go wrong, and that the reader of the whole suite's log would notice a secret."""

from __future__ import annotations

import io
import logging

import pytest
from django.test import Client

from jinhua_labor.accounts.pages import joining
from jinhua_labor.core import logs
from tests.factories import PASSWORD
from tests.logwatch import reading_along, secrets_in

ID_NUMBER = "339999199001010010"
TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param(f'{{"event": "行 5 {ID_NUMBER}"}}', "身份证号", id="身份证号"),
        pytest.param("Cookie: sessionid=abcdefgh12345678", "会话", id="会话"),
        pytest.param("Authorization: Bearer abc", "授权头", id="授权头"),
        pytest.param(f"login failed with {PASSWORD}", "口令", id="口令"),
        pytest.param(f"Internal Server Error: /account/join/{TOKEN}/", "一次性链接", id="一次性链接"),
    ],
)
def test_读日志的人认得出秘密(line: str, kind: str) -> None:
    assert secrets_in(line) == [kind]


@pytest.mark.parametrize(
    "line",
    [
        "91339999MA0000001X",
        "request_id 79157d0bcfd54e4787bf5aaead1e835d",
        "/account/join/<str:token>/",
        "2026-11-24T03:51:02.123456Z",
    ],
)
def test_寻常的行不误报(line: str) -> None:
    assert secrets_in(line) == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param(f"失败：{ID_NUMBER}", "失败", id="中文之后的号码"),
        pytest.param(f"Internal Server Error: /account/reset/{TOKEN}/", "Internal Server Error", id="地址里的令牌"),
        pytest.param("request 123456789012345", "request", id="十五位号码"),
    ],
)
def test_写出的行不含秘密(written: str, kept: str) -> None:
    with reading_along() as told:
        text = _written(written)
    assert kept in text
    assert told == []
    assert secrets_in(text) == []
    assert "***" in text


def test_请求编号完整写出() -> None:
    assert "123456789012345abcdef6789012345f" in _written("id 123456789012345abcdef6789012345f")


def _written(text: str) -> str:
    """The line as it reaches the operator."""
    logs.configure()
    handler = next(h for h in logging.getLogger().handlers if type(h.formatter).__module__.startswith("structlog"))
    out = io.StringIO()
    stream, handler.stream = handler.stream, out  # type: ignore[attr-defined]
    try:
        logging.getLogger("portal.test").warning(text)
    finally:
        handler.stream = stream  # type: ignore[attr-defined]
    return out.getvalue()


@pytest.mark.django_db
def test_一次性链接页面出错时令牌不进日志(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_token: str) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(joining.services, "find_invitation", broken)
    with reading_along() as told:
        response = Client(raise_request_exception=False).get(f"/account/join/{TOKEN}/")
    assert response.status_code == 500
    assert told == []


@pytest.mark.django_db
def test_登录失败不记口令() -> None:
    with reading_along() as told:
        Client().post("/account/login/", {"login": "ceshi", "password": PASSWORD})
    assert told == []
