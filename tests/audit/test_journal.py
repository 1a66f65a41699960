"""The journal: append-only by trigger, sealed in a chain, read by the auditor alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import LoginEvent, User
from jinhua_labor.audit import chain
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.audit.services import record
from jinhua_labor.audit.words import describe
from tests.queries import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries(operator_user: User) -> list[AuditEntry]:
    made = [record(by=operator_user, action="test.act", title=f"第{n}件", detail={"after": n}) for n in range(1, 6)]
    assert chain.seal() == 5
    return made


def forge(statement: str) -> None:
    """What an owner of the database could do: switch the triggers off and write."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # or the table counts as still in use
        cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")


@pytest.mark.parametrize("table", ["audit_auditentry", "accounts_loginevent"])
@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("UPDATE {table} SET ip = '10.0.0.1'", id="改"),
        pytest.param("DELETE FROM {table}", id="删"),
        pytest.param("TRUNCATE {table}", id="清空"),
    ],
)
def test_database_refuses_to_change_the_past(operator_user: User, table: str, statement: str) -> None:
    record(by=operator_user, action="test.act")
    LoginEvent.objects.create(username="ceshi", outcome=LoginEvent.Outcome.OK)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(statement.format(table=table))


def test_seal_is_written_once_and_alone(entries: list[AuditEntry], operator_user: User) -> None:
    fresh = record(by=operator_user, action="test.act")
    for change in (
        {"seq": 99, "hash": b"x" * 32, "action": "test.other"},  # something else along with the seal
        {"seq": 99, "hash": None},  # half a seal
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEntry.objects.filter(pk=fresh.pk).update(**change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(pk=entries[0].pk).update(seq=99, hash=b"x" * 32)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        pytest.param("UPDATE audit_auditentry SET detail = '{\"after\": 7}' WHERE seq = 3", 3, id="改内容"),
        pytest.param("UPDATE audit_auditentry SET actor_name = '别人' WHERE seq = 1", 1, id="改姓名"),
        pytest.param("DELETE FROM audit_auditentry WHERE seq = 4", 4, id="删中间一条"),
        pytest.param(
            "UPDATE audit_auditentry SET seq = 99 WHERE seq = 2;"
            "UPDATE audit_auditentry SET seq = 2 WHERE seq = 3;"
            "UPDATE audit_auditentry SET seq = 3 WHERE seq = 99",
            2,
            id="调换顺序",
        ),
    ],
)
def test_chain_shows_forgery(entries: list[AuditEntry], statement: str, seq: int) -> None:
    assert chain.verify().broken_at is None
    forge(statement)
    assert chain.verify().broken_at == seq


def test_cut_tail_is_seen_with_a_head_noted_elsewhere(entries: list[AuditEntry]) -> None:
    head = chain.verify().head
    forge("DELETE FROM audit_auditentry WHERE seq = 5")
    assert chain.verify().broken_at is None
    assert chain.verify(head=head).broken_at == 5


def test_command_tells_and_fails(entries: list[AuditEntry]) -> None:
    out = StringIO()
    call_command("verify_audit_chain", stdout=out)
    assert "已链入 5 条" in out.getvalue()
    forge("UPDATE audit_auditentry SET purpose = '别的' WHERE seq = 2")
    with pytest.raises(CommandError, match="第 2 条"):
        call_command("verify_audit_chain")


@pytest.mark.django_db(transaction=True)
def test_rows_of_running_transactions_are_sealed_later(django_db_blocker: Any) -> None:
    """A row with a lower id that is committed later gets the later place; nothing is skipped, nothing waits."""
    slow = connection.copy()
    slow.set_autocommit(False)
    try:
        with slow.cursor() as cursor:
            cursor.execute(
                "INSERT INTO audit_auditentry (at, action, actor_name, role, organisation_name, object_type, object_id,"
                " object_title, purpose, detail, request_id)"
                " VALUES (now(), 'slow', '', '', '', '', '', '', '', '{}', '')"
            )
        record(by=None, action="fast")
        assert chain.seal() == 1
        slow.commit()
    finally:
        slow.close()
    assert chain.seal() == 1
    assert list(AuditEntry.objects.order_by("seq").values_list("action", flat=True)) == ["fast", "slow"]
    assert chain.verify().broken_at is None


def test_entry_knows_where_it_came_from(client_for: Callable[[User], Client], operator_user: User) -> None:
    data = {"name": "测试改名", "phone": "13900000002", "email": "", "large_text": ""}
    response = client_for(operator_user).post(reverse("accounts:me"), data, REMOTE_ADDR="10.0.0.9")
    entry = AuditEntry.objects.get(action="user.profile")
    assert (entry.ip, entry.request_id) == ("10.0.0.9", response["X-Request-ID"])
    assert (entry.role, entry.organisation_name) == ("OPERATOR", operator_user.organisation.name)


def test_row_history_knows_who(client_for: Callable[[User], Client], operator_user: User) -> None:
    from django.apps import apps

    data = {"name": "测试改名", "phone": "13900000002", "email": "", "large_text": ""}
    client_for(operator_user).post(reverse("accounts:me"), data)
    event = apps.get_model("accounts", "UserEvent").objects.filter(pgh_obj_id=operator_user.pk).latest("pgh_id")
    assert event.pgh_context.metadata["user"] == str(operator_user.pk)
    assert "password" not in {field.name for field in event._meta.fields}


def test_reading_requests_open_no_history_context(
    client_for: Callable[[User], Client], operator_user: User, django_assert_max_num_queries: Any
) -> None:
    client = client_for(operator_user)
    client.get(reverse("mailbox:inbox"))
    with django_assert_max_num_queries(12) as captured:
        client.get(reverse("mailbox:inbox"))
    assert not [query for query in captured if "set_config" in query["sql"]]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param("auditor", 200, id="审计"),
        *(
            pytest.param(name, 403, id=name)
            for name in ("operator_user", "centre_clerk", "bureau_official", "admin", "association", "finance")
        ),
    ],
)
def test_who_reads_the_journal(
    request: pytest.FixtureRequest, client_for: Callable[[User], Client], role: str, status: int
) -> None:
    assert client_for(request.getfixturevalue(role)).get(reverse("audit:list")).status_code == status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("", {"甲事", "乙事"}, id="全部"),
        pytest.param("?action=test.a", {"甲事"}, id="按操作"),
        pytest.param("?what=乙", {"乙事"}, id="按对象"),
        pytest.param("?who=测试甲", {"甲事", "乙事"}, id="按姓名"),
        pytest.param("?who=别人", set(), id="没有此人"),
        pytest.param("?until=2000-01-01", set(), id="早于一切"),
        pytest.param("?page=-1&since=x&action=nichts", {"甲事", "乙事"}, id="胡乱参数"),
        pytest.param("?page=1000000000", {"甲事", "乙事"}, id="很大的页码"),
    ],
)
def test_filters(
    client_for: Callable[[User], Client], auditor: User, operator_user: User, query: str, found: set[str]
) -> None:
    record(by=operator_user, action="test.a", title="甲事")
    record(by=operator_user, action="test.b", title="乙事")
    page = client_for(auditor).get(reverse("audit:list") + query)
    assert page.status_code == 200
    text = page.content.decode()
    assert {title for title in ("甲事", "乙事") if f">{title}<" in text} == found


def test_page_costs_the_same_with_more_rows(
    client_for: Callable[[User], Client], auditor: User, operator_user: User
) -> None:
    client = client_for(auditor)
    client.get(reverse("audit:list"))  # fills what is kept per process
    counts = []
    for extra in (1, 3):
        for _ in range(extra):
            record(by=operator_user, action="test.a", title="甲事")
        counts.append(len(queries(lambda: client.get(reverse("audit:list")))))
    assert counts[0] == counts[1]


def test_day_borders_are_those_of_shanghai(auditor: User, operator_user: User) -> None:
    from jinhua_labor.audit.queries import entries as journal

    for moment in ("2026-11-22T15:59:59+00:00", "2026-11-22T16:00:00+00:00"):
        AuditEntry.objects.create(action="test.border", at=dt.datetime.fromisoformat(moment))
    day = dt.date(2026, 11, 23)
    assert journal(auditor, action="test.border", since=day).count() == 1
    assert journal(auditor, action="test.border", until=dt.date(2026, 11, 22)).count() == 1
    assert journal(operator_user).count() == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param("roster.upload", "名册：上传", id="认识的"),
        pytest.param("roster.export_counted", "名册：导出", id="导出"),
        pytest.param("roster.someday", "roster.someday", id="不认识的动作"),
        pytest.param("someday.upload", "someday.upload", id="不认识的对象"),
    ],
)
def test_acts_are_told_in_words(code: str, words: str) -> None:
    assert describe(code) == words
