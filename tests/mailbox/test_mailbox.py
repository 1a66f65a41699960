"""Messages reach the inbox with the act that caused them; mails follow, once, and say nothing of the matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.mailbox import outbox, services
from jinhua_labor.mailbox.models import EmailState, Message, OutgoingEmail
from jinhua_labor.mailbox.queries import unread_count
from tests import factories
from tests.queries import queries

pytestmark = pytest.mark.django_db
SUBJECT = "设立申请 SL-339999-20261123-001 审核通过"


@pytest.fixture
def reader(operator_user: User) -> User:
    operator_user.email = "ceshi@example.invalid"
    operator_user.save()
    return operator_user


def waiting(reader: User) -> OutgoingEmail:
    services.send(to_user=reader, subject=SUBJECT, body="请查看。", link="/inbox/")
    return OutgoingEmail.objects.get()


def test_organisation_means_everyone_active_in_it(operator_user: User, stranger_operator: User) -> None:
    colleague = factories.user(organisation=operator_user.organisation)
    factories.user(organisation=operator_user.organisation, is_active=False)
    sent = services.send(to_organisation=operator_user.organisation, subject=SUBJECT)
    assert {message.user_id for message in sent} == {operator_user.pk, colleague.pk}
    assert unread_count(stranger_operator) == 1, "only the one of its own"


def test_role_means_everyone_with_it(centre_clerk: User, centre_second: User, bureau_official: User) -> None:
    services.send(to_role=Role.CENTRE, subject="有一份申请待初审")
    assert [unread_count(user) for user in (centre_clerk, centre_second, bureau_official)] == [1, 1, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="没有收件人"),
        pytest.param({"to_role": "CENTRE", "to_user": "me"}, id="两种收件人"),
        pytest.param({"to_role": "CENTRE", "link": "https://evil.example/"}, id="外部链接"),
    ],
)
def test_wrong_calls_are_refused(operator_user: User, wrong: dict[str, Any]) -> None:
    wrong = {key: operator_user if value == "me" else value for key, value in wrong.items()}
    with pytest.raises(ValueError, match=r"link|exactly one"):
        services.send(subject=SUBJECT, **wrong)


def test_message_mail_and_job_stand_or_fall_with_the_act(reader: User) -> None:
    with transaction.atomic():
        waiting(reader)
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not OutgoingEmail.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name="mailbox.flush").exists()
    waiting(reader)
    assert ProcrastinateJob.objects.filter(task_name="mailbox.flush").count() == 1


def test_mail_says_only_that_there_is_something(reader: User) -> None:
    row = waiting(reader)
    assert outbox.send_due() == 1
    (sent,) = mail.outbox
    whole = sent.message().as_string() + sent.body
    for word in ("审核", "通过", "SL-339999", "请查看。"):
        assert word not in whole
    assert reverse("mailbox:message", args=[row.message_id]) in sent.body
    assert sent.extra_headers["Message-ID"].startswith(f"<{row.pk}@")
    row.refresh_from_db()
    assert (row.state, row.attempts) == (EmailState.SENT, 1)
    assert outbox.send_due() == 0


def test_people_without_address_get_no_mail(operator_user: User) -> None:
    services.send(to_user=operator_user, subject=SUBJECT)
    assert not OutgoingEmail.objects.exists()


def test_subject_with_line_breaks_reaches_no_header(reader: User) -> None:
    services.send(to_user=reader, subject="您好\r\nBcc: x@evil.example")
    outbox.send_due()
    assert mail.outbox[0].bcc == []
    assert "evil" not in mail.outbox[0].message().as_string()


def test_server_down_is_tried_again_with_growing_pauses_then_given_up(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", down)
    row = waiting(reader)
    moment = timezone.now()
    for pause in outbox.PAUSES:
        with time_machine.travel(moment, tick=False):
            assert outbox.send_due() == 0
            row.refresh_from_db()
            assert row.state == EmailState.WAITING
            assert row.due_at == moment + dt.timedelta(minutes=pause)
            assert outbox.send_due() == 0
        moment = row.due_at
    with time_machine.travel(moment, tick=False):
        outbox.send_due()
    row.refresh_from_db()
    assert (row.state, row.error) == (EmailState.DEAD, "ConnectionRefusedError")
    assert unread_count(reader) == 1, "the message itself is in the inbox"


def test_server_that_recovers_gets_the_mail_once(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(reader)
    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", lambda *_: (_ for _ in ()).throw(TimeoutError()))
        outbox.send_due()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=2), tick=False):
        assert outbox.send_due() == 1
        assert outbox.send_due() == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once() -> None:
    for _ in range(6):
        services.send(to_user=factories.user(email="ceshi@example.invalid"), subject=SUBJECT)

    def flush(_: int) -> int:
        try:
            return outbox.send_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(flush, range(3))) == 6
    assert len(mail.outbox) == 6


def test_inbox_and_message(client_for: Callable[[User], Client], reader: User) -> None:
    (message,) = services.send(to_user=reader, subject=SUBJECT, body="第一行\n第二行", link="/jobs/")
    client = client_for(reader)
    inbox = client.get(reverse("mailbox:inbox")).content.decode()
    assert SUBJECT in inbox
    page = reverse("mailbox:message", args=[message.pk])
    assert "第一行<br>第二行" in client.get(page).content.decode()
    assert unread_count(reader) == 1, "a GET writes nothing"
    assert client.post(reverse("mailbox:read", args=[message.pk]))["Location"] == "/jobs/"
    assert unread_count(reader) == 0
    assert "没有未读消息" in client.get(reverse("mailbox:inbox") + "?show=unread").content.decode()


def test_all_read(client_for: Callable[[User], Client], reader: User, stranger_operator: User) -> None:
    for _ in range(3):
        services.send(to_user=reader, subject=SUBJECT)
    client_for(reader).post(reverse("mailbox:read_all"))
    assert (unread_count(reader), unread_count(stranger_operator)) == (0, 1)


def test_strangers_messages_are_not_found(
    client_for: Callable[[User], Client], operator_user: User, stranger_operator: User
) -> None:
    message = Message.objects.get(user=stranger_operator)
    client = client_for(operator_user)
    assert "外人的消息" not in client.get(reverse("mailbox:inbox")).content.decode()
    assert client.get(reverse("mailbox:message", args=[message.pk])).status_code == 404
    assert client.post(reverse("mailbox:read", args=[message.pk])).status_code == 404
    assert services.mark_read([message], by=operator_user) == 0


def test_inbox_costs_the_same_with_more_rows(client_for: Callable[[User], Client], reader: User) -> None:
    client = client_for(reader)
    client.get(reverse("mailbox:inbox"))  # fills what is kept per process
    counts = []
    for extra in (1, 3):
        for _ in range(extra):
            services.send(to_user=reader, subject=SUBJECT)
        counts.append(len(queries(lambda: client.get(reverse("mailbox:inbox")))))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["-1", "0", "x", "1e9", "999999999999"])
def test_odd_page_numbers(client_for: Callable[[User], Client], reader: User, page: str) -> None:
    services.send(to_user=reader, subject=SUBJECT)
    assert client_for(reader).get(reverse("mailbox:inbox") + f"?page={page}").status_code == 200


def test_text_is_inert(client_for: Callable[[User], Client], reader: User) -> None:
    (message,) = services.send(to_user=reader, subject="<script>alert(1)</script>", body="<img src=x onerror=1>")
    for url in (reverse("mailbox:inbox"), reverse("mailbox:message", args=[message.pk])):
        text = client_for(reader).get(url).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_database_says_no(reader: User) -> None:
    row = waiting(reader)
    with pytest.raises(IntegrityError, match="email_sent_at_iff_sent"), transaction.atomic():
        OutgoingEmail.objects.filter(pk=row.pk).update(state=EmailState.SENT)
