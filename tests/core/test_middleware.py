"""Headers and log line of every request, and the plain page when the database is busy (F9, F10)."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import OperationalError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.core import checks
from jinhua_labor.core.logs import scrub
from jinhua_labor.core.middleware import busy_page
from tests import factories

ID_NUMBER = "339999199001010010"


@pytest.mark.django_db
def test_headers(client_for: Callable[[User], Client], operator_user: User) -> None:
    answer = client_for(operator_user).get(reverse("mailbox:inbox"))
    assert answer["Cache-Control"] == "no-store, private"
    assert len(answer["X-Request-ID"]) == 32
    assert "microphone=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_log_line_names_the_route_not_the_path(
    client_for: Callable[[User], Client], operator_user: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "portal.request")
    client_for(operator_user).get(f"/account/join/a-secret-token/?name=测试甲&id={ID_NUMBER}")
    lines = [record.msg for record in caplog.records if record.name == "portal.request"]
    assert lines[-1]["view"] == "accounts:join"
    assert lines[-1]["status"] == 404
    for word in ("a-secret-token", "测试甲", ID_NUMBER):
        assert word not in json.dumps(lines, ensure_ascii=False, default=str)


@pytest.mark.parametrize(
    ("event", "gone", "stays"),
    [
        pytest.param({"event": f"bad row {ID_NUMBER}"}, ID_NUMBER, "bad row", id="正文中的证件号"),
        pytest.param({"event": "x", "row": {"id": "33999919900101001x"}}, "33999919900101001x", "row", id="小写x"),
        pytest.param({"event": "x", "old": "339999900101001"}, "339999900101001", "old", id="15位证件号"),
        pytest.param({"event": "x", "password": "口令"}, "口令", "password", id="口令字段"),
        pytest.param({"event": "x", "headers": {"Authorization": "Bearer y"}}, "Bearer", "Authorization", id="令牌"),
        pytest.param({"event": "x", "cookies": ["sessionid=abc"]}, "abc", "cookies", id="会话"),
        pytest.param({"event": "x", "exception": f"ValueError: {ID_NUMBER}"}, ID_NUMBER, "ValueError", id="异常文字"),
    ],
)
def test_logs_are_scrubbed(event: dict[str, Any], gone: str, stays: str) -> None:
    text = json.dumps(scrub(None, "info", event), ensure_ascii=False)
    assert gone not in text
    assert stays in text


def test_line_breaks_stay_in_one_line() -> None:
    event = scrub(None, "info", {"event": "a\r\nforged=1"})
    assert "\n" not in json.dumps(event)


@pytest.mark.django_db(transaction=True)
def test_locked_row_answers_503_in_plain_words(settings: Any) -> None:
    user = factories.user(is_org_admin=True)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                User.objects.select_for_update().get(pk=user.pk)
                locked.set()
                release.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert locked.wait(10)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        data = {"name": "测试改名", "phone": "", "email": ""}
        answer = client.post(reverse("accounts:me"), data)
    finally:
        release.set()
        thread.join()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "系统繁忙，本次操作没有完成" in answer.content.decode()
    assert User.objects.get(pk=user.pk).name == user.name


def test_database_away_answers_503_without_a_trace() -> None:
    request = RequestFactory().get("/")
    page = busy_page(request, OperationalError("connection refused at 10.0.0.1"))
    assert page.status_code == 503
    assert "10.0.0.1" not in page.content.decode()


def test_process_local_cache_is_refused(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert [message.id for message in checks.shared_cache()] == ["portal.E001"]


def test_equal_keys_are_refused(settings: Any) -> None:
    settings.AUDIT_KEY = settings.INDEX_KEY
    assert [message.id for message in checks.distinct_keys()] == ["portal.E003"]


def test_no_antivirus_is_told_not_refused(settings: Any) -> None:
    settings.CLAMD_SOCKET = ""
    found = [message for message in run_checks(include_deployment_checks=True) if message.id == "portal.I001"]
    assert [message.is_serious() for message in found] == [False]
