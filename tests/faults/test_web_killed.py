"""F1, F7, F8, F17: the web process, its database connection or its client is gone in the middle of an act."""

from __future__ import annotations

import http.client
import socket
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.mailbox.models import Message
from jinhua_labor.review.models import ReviewEvent
from jinhua_labor.review.states import Action, State
from stations.applications.enums import Slot
from stations.applications.models import Application, CountSnapshot, SubmissionReceipt
from stations.applications.services import establishment
from stations.registry.models import Station
from tests import factories
from tests.faults.web import Web, serving
from tests.stations.applications import build, office
from tests.stations.applications.approved import approved

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TRANSITION = "jinhua_labor.review.services:record"
"""The journal's line of a step: everything of the step itself is written by then, nothing of what follows it."""


def what_stands(application: Application) -> dict[str, Any]:
    """Everything a step leaves behind, to be equal before it and after it was killed."""
    made = build.again(application)
    return {
        "state": made.review.state,
        "version": made.review.version,
        "number": made.review.number,
        "filing_no": made.filing_no,
        "locked": made.roster_list.locked_at,
        "events": ReviewEvent.objects.filter(review=made.review).count(),
        "journal": AuditEntry.objects.filter(action__startswith="review.").count(),
        "messages": Message.objects.count(),
        "receipts": SubmissionReceipt.objects.count(),
        "snapshots": CountSnapshot.objects.count(),
        "files": sorted(str(path.name) for path in Path(settings.MEDIA_ROOT).rglob("*.pdf")),
        "rows of files": Attachment.objects.count(),
    }


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    return {
        "operator": factories.user(Role.OPERATOR, is_org_admin=True, name="测试甲"),
        "clerk": factories.user(Role.CENTRE, name="测试中心甲"),
        "official": factories.user(Role.BUREAU, name="测试局甲"),
    }


def _submit(people: dict[str, User]) -> tuple[Application, User, str, dict[str, Any]]:
    made = build.filled(people["operator"])
    return made, people["operator"], "applications:submit", {"signer": "测试丁", "pledged": "on"}


def _screen(people: dict[str, User]) -> tuple[Application, User, str, dict[str, Any]]:
    made = office.ready(people["operator"], people["clerk"])
    return made, people["clerk"], "applications:screen", {"opinion": "材料齐全", "recommendation": "AGREE"}


def _approve(people: dict[str, User]) -> tuple[Application, User, str, dict[str, Any]]:
    made = office.screened(people["operator"], people["clerk"])
    return made, people["official"], "applications:approve", {"opinion": "同意设立"}


STEPS: list[Any] = [
    pytest.param(_submit, Action.SUBMIT, State.SUBMITTED, id="提交"),
    pytest.param(_screen, Action.SCREEN, State.SCREENED, id="初审"),
    pytest.param(_approve, Action.APPROVE, State.APPROVED, id="审核"),
]


@pytest.mark.parametrize(("prepare", "action", "target"), STEPS)
def test_办理途中进程被杀_什么都没发生_重发一次成功(
    prepare: Callable[..., Any], action: Action, target: State, people: dict[str, User], tmp_path: Path
) -> None:
    made, user, name, words = prepare(people)
    before, path = what_stands(made), reverse(name, args=[made.pk])
    form = {**words, "key": str(uuid.uuid4()), "version": made.review.version}
    with serving(tmp_path, stop_after=TRANSITION) as web:
        web.sign_in(user)
        lost: list[BaseException] = []
        thread = threading.Thread(target=_post_and_lose, args=(web, path, form, lost))
        thread.start()
        web.kill_worker()
        thread.join(30)
        assert lost, "进程被杀，浏览器却得到了回答"
        assert what_stands(made) == before

        web.wait_until_up()
        assert web.post(path, form)[0] == 302
        done = what_stands(made)
        assert (done["state"], done["events"]) == (target, before["events"] + 1)
        assert web.post(path, form)[0] == 302, "同一张表单再发一次"
        assert what_stands(made) == done
    assert ReviewEvent.objects.filter(review=made.review_id, action=action, key=form["key"]).count() == 1


def _post_and_lose(web: Web, path: str, form: dict[str, Any], lost: list[BaseException]) -> None:
    try:
        web.post(path, form)
    except (OSError, http.client.HTTPException) as error:
        lost.append(error)


def test_发文登记途中进程被杀_一站不立_重发后全部设立(people: dict[str, User], tmp_path: Path) -> None:
    second = factories.user(Role.OPERATOR, is_org_admin=True, name="测试乙")
    operators = (people["operator"], second)
    files = [
        approved(user, people["clerk"], people["official"], area_county=f"示例{n}县")
        for n, user in enumerate(operators)
    ]
    batch = establishment.create(key=uuid.uuid4(), application_ids=[row.pk for row in files], by=people["official"])
    path = reverse("applications:batch_issue", args=[batch.pk])
    form = {"doc_no": f"金东人社〔{today().year}〕14号", "issued_on": today().isoformat(), "publish": "on"}
    with serving(tmp_path, stop_after="stations.applications.services.establishment:_announce") as web:
        web.sign_in(people["official"])
        lost: list[BaseException] = []
        thread = threading.Thread(target=_post_and_lose, args=(web, path, {**form, "signed": build.pdf()}, lost))
        thread.start()
        web.kill_worker()
        thread.join(30)
        assert lost
        assert (Station.objects.count(), IssuedDocument.objects.count(), Attachment.objects.count()) == (0, 0, 0)

        web.wait_until_up()
        assert web.post(path, {**form, "signed": build.pdf()})[0] == 302
        assert (Station.objects.count(), IssuedDocument.objects.count()) == (2, 1)
        assert web.post(path, {**form, "signed": build.pdf()})[0] == 302
        assert (Station.objects.count(), IssuedDocument.objects.count()) == (2, 1)


def terminate_other_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def test_数据库断开后_新的请求照常(people: dict[str, User], tmp_path: Path) -> None:
    """What a restart of PostgreSQL does to a web process: every kept connection is dead."""
    with serving(tmp_path) as web:
        web.sign_in(people["operator"])
        assert web.get(reverse("mailbox:inbox"))[0] == 200
        assert terminate_other_connections() >= 1
        assert [web.get(reverse("mailbox:inbox"))[0] for _ in range(3)] == [200, 200, 200]


def test_办理途中数据库断开_得到说明而不是错误细节(people: dict[str, User], tmp_path: Path) -> None:
    made, user, name, words = _submit(people)
    before = what_stands(made)
    form = {**words, "key": str(uuid.uuid4()), "version": made.review.version}
    with serving(tmp_path, stop_after=TRANSITION) as web:
        web.sign_in(user)
        answers: list[tuple[int, str]] = []
        path = reverse(name, args=[made.pk])
        thread = threading.Thread(target=lambda: answers.append(web.post(path, form)))
        thread.start()
        web.wait_for_stop()
        terminate_other_connections()
        web.mark.unlink()
        thread.join(30)
        ((status, body),) = answers
        assert status == 503
        assert "本次操作没有完成" in body
        assert "psycopg" not in body
        assert what_stands(made) == before
        assert web.post(path, form)[0] == 302


def test_上传到一半断线_什么也没留下(people: dict[str, User], tmp_path: Path) -> None:
    made = build.started(people["operator"])
    path = reverse("applications:material_add", args=[made.pk])
    with serving(tmp_path) as web:
        web.sign_in(people["operator"])
        for _ in range(3):
            web.half_a_post(path, {"slot": Slot.M1, "files": factories.png((1500, 1500), name="执照.png")})
        assert web.get(reverse("mailbox:inbox"))[0] == 200
    assert Attachment.objects.count() == 0
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_请求头伪造的主机名被拒(people: dict[str, User], tmp_path: Path) -> None:
    with serving(tmp_path) as web:
        web.sign_in(people["operator"])
        link = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
        link.request("GET", "/", headers={"Host": "evil.example"})
        answer = link.getresponse()
        body = answer.read().decode()
        link.close()
    assert answer.status == 400
    assert "evil.example" not in body


MALFORMED = {
    "长度与分块并存": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "头中的NUL": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "头名后的空格": b"GET / HTTP/1.1\r\nHost : x\r\n\r\n",
    "过长的地址": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
}


def test_畸形的请求被拒_进程不受影响(people: dict[str, User], tmp_path: Path) -> None:
    with serving(tmp_path) as web:
        for word, raw in MALFORMED.items():
            with socket.create_connection(("127.0.0.1", web.port), timeout=20) as link:
                link.sendall(raw)
                first = link.recv(200).split(b"\r\n")[0]
            assert b" 400 " in first or b" 414 " in first or first == b"", word
            assert web.get("/healthz")[0] == 200, word
