"""F10, F11, F18: two who wait for each other, a query that takes too long, a clock that jumps."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.middleware import RequestMiddleware
from jinhua_labor.review.services import next_number
from jinhua_labor.review.states import Kind
from tests import factories


def answer_to(error: Exception) -> Any:
    """What the person sees when a view ends with this error."""
    middleware = RequestMiddleware(lambda _request: None)  # type: ignore[arg-type,return-value]
    return middleware.process_exception(RequestFactory().get("/"), error)


@pytest.mark.django_db(transaction=True)
def test_互相等待_一个做完_另一个得到说明() -> None:
    """PostgreSQL ends one of the two; nothing of it is kept, and its person is asked to try again."""
    first, second = factories.organisation(), factories.organisation()
    barrier, errors = threading.Barrier(2, timeout=10), []

    def change(one: Organisation, other: Organisation, word: str) -> None:
        try:
            with transaction.atomic():
                Organisation.objects.filter(pk=one.pk).update(contact_name=word)
                barrier.wait()
                Organisation.objects.filter(pk=other.pk).update(contact_name=word)
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=change, args=(first, second, "甲")),
        threading.Thread(target=change, args=(second, first, "乙")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    (error,) = errors
    assert error.__cause__.sqlstate in {"40P01", "55P03"}
    page = answer_to(error)
    assert page.status_code == 503
    assert page["Retry-After"]
    assert "不会重复办理" in page.content.decode()
    names = set(Organisation.objects.filter(pk__in=[first.pk, second.pk]).values_list("contact_name", flat=True))
    assert len(names) == 1
    assert names < {"甲", "乙"}


@pytest.mark.django_db(transaction=True)
def test_太久的查询被数据库终止_得到说明() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        with pytest.raises(OperationalError) as caught, transaction.atomic():
            cursor.execute("SELECT pg_sleep(5)")
    assert answer_to(caught.value).status_code == 503


@pytest.mark.django_db
def test_每个连接都有时限() -> None:
    with connection.cursor() as cursor:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] not in {"0", ""}, name


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param("2026-03-01T15:59:59Z", "20260301", id="上海23:59:59"),
        pytest.param("2026-03-01T16:00:00Z", "20260302", id="上海零点"),
        pytest.param("2026-12-31T16:00:00Z", "20270101", id="跨年"),
        pytest.param("2028-02-28T16:00:00Z", "20280229", id="闰日"),
        pytest.param("2026-02-28T16:00:00Z", "20260301", id="平年二月底"),
    ],
)
def test_日期按上海时间(moment: str, day: str, settings: Any) -> None:
    settings.PORTAL_TODAY = None
    with time_machine.travel(dt.datetime.fromisoformat(moment), tick=False):
        assert f"{today():%Y%m%d}" == day
        assert f"-{day}-" in next_number(Kind.APPLICATION, today())


@pytest.mark.django_db
def test_时钟回拨_日志仍按先后排列(operator_user: User) -> None:
    start = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
    for word, moment in (("先", start), ("后", start - dt.timedelta(hours=1))):
        with time_machine.travel(moment, tick=False):
            record(by=operator_user, action="test.clock", title=word)
    titles = AuditEntry.objects.filter(action="test.clock").values_list("object_title", flat=True)
    assert list(titles) == ["后", "先"], "新的在前，不看时间"
