"""A file and its row stand or fall together; what the disk does wrong is told, never a 500."""

from __future__ import annotations

import datetime as dt
import errno
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import OrganisationKind
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments import maintenance, services, storage
from jinhua_labor.attachments.content import UploadError
from jinhua_labor.attachments.enums import Audience, FileState
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from tests import factories
from tests.meta import rows

from . import files

pytestmark = pytest.mark.django_db
ROLES = ("operator_user", "centre_clerk", "bureau_official", "association", "finance", "auditor", "admin")


def keep(user: User, data: bytes | None = None, name: str = "合同.pdf", **options: Any) -> Attachment:
    assert user.organisation is not None
    upload = SimpleUploadedFile(name, data if data is not None else files.pdf())
    options.setdefault("audience", Audience.PARTY_AND_OFFICE)
    return services.store(upload, by=user, organisation=options.pop("organisation", user.organisation), **options)


def fetch(client: Client, name: str, row: Attachment) -> Any:
    """The answer, read to its end so that its file is closed."""
    answer = client.get(reverse(f"attachments:{name}", args=[row.pk]))
    if answer.streaming:
        answer.body = b"".join(answer.streaming_content)
    return answer


def stored(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_kept_under_a_name_of_ours(settings: Any, operator_user: User) -> None:
    row = keep(operator_user, name="../../合同\x00.exe")
    assert row.name == "合同.exe.pdf"
    assert row.stored_name.startswith("attachments/")
    assert [path.name for path in stored(settings)] == [Path(row.stored_name).name]
    assert storage.digest(storage.path_of(row.stored_name)) == row.sha256
    assert (row.pages, row.content_type) == (1, "application/pdf")


def test_rollback_takes_the_file_with_it(settings: Any, operator_user: User) -> None:
    with transaction.atomic():
        keep(operator_user)
        assert len(stored(settings)) == 1
        transaction.set_rollback(True)
    assert stored(settings) == []
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_commit_keeps_it(settings: Any) -> None:
    with transaction.atomic():
        row = keep(factories.user())
    assert len(stored(settings)) == 1
    with transaction.atomic():
        services.discard(row, by=row.uploaded_by)
        assert len(stored(settings)) == 1, "removed when committed, not before"
    assert stored(settings) == []
    assert AuditEntry.objects.filter(action="attachment.discard").exists()


@pytest.mark.parametrize("call", ["fsync", "rename"])
def test_full_disk_leaves_nothing(
    settings: Any, operator_user: User, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "rename")), full)
    with pytest.raises(UploadError, match="存储空间不足"):
        keep(operator_user)
    assert stored(settings) == []
    assert not Attachment.objects.exists()


def test_nearly_full_disk_takes_no_uploads(operator_user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "REFUSE_BELOW", 1.1)
    with pytest.raises(UploadError, match="存储空间不足"):
        keep(operator_user)


@pytest.mark.parametrize(
    ("size", "fine"), [pytest.param(0, True, id="正好上限"), pytest.param(1, False, id="多一字节")]
)
def test_size_limit(settings: Any, operator_user: User, size: int, fine: bool) -> None:
    data = files.pdf()
    settings.UPLOAD_MAX_BYTES = len(data) - size
    if fine:
        assert keep(operator_user, data).original_size == len(data)
    else:
        with pytest.raises(UploadError, match="超过"):
            keep(operator_user, data)


def test_sweeper_removes_what_no_row_names_after_a_day(settings: Any, operator_user: User) -> None:
    row = keep(operator_user)
    orphan = storage.path_of("attachments/zz/orphan.pdf")
    orphan.parent.mkdir(parents=True)
    fresh = orphan.with_name("fresh.pdf")
    part = Path(settings.MEDIA_ROOT) / "tmp" / "half.part"
    for path in (orphan, fresh, part):
        path.write_bytes(b"x")
    yesterday = time.time() - 2 * storage.DAY
    for path in (orphan, part, storage.path_of(row.stored_name)):
        os.utime(path, (yesterday, yesterday))
    assert maintenance.sweep_orphans() == 2
    assert fresh.exists()
    assert storage.path_of(row.stored_name).exists()


@pytest.mark.parametrize("damage", ["gone", "flipped"])
def test_missing_file_is_a_page_not_an_error(
    client_for: Callable[[User], Client], operator_user: User, damage: str
) -> None:
    row = keep(operator_user)
    path = storage.path_of(row.stored_name)
    whole = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    client = client_for(operator_user)
    for name in ("attachments:download", "attachments:preview"):
        answer = client.get(reverse(name, args=[row.pk]))
        assert answer.status_code == 404
        assert "文件缺失" in answer.content.decode()
    assert maintenance.check_files() == 1
    row.refresh_from_db()
    assert row.state == FileState.MISSING
    assert AuditEntry.objects.filter(action="attachment.check", object_id=str(row.pk)).exists()
    path.write_bytes(whole)
    assert maintenance.check_files() == 0
    row.refresh_from_db()
    assert row.state == FileState.OK


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        pytest.param(
            Audience.PARTY_AND_OFFICE,
            {"operator_user", "centre_clerk", "bureau_official", "auditor"},
            id="本单位与主管部门",
        ),
        pytest.param(Audience.OFFICE, {"centre_clerk", "bureau_official", "auditor"}, id="主管部门"),
        pytest.param(Audience.CENTRE, {"centre_clerk", "auditor"}, id="中心"),
        pytest.param(
            Audience.PUBLIC, {"operator_user", "centre_clerk", "bureau_official", "auditor"}, id="公开但未发布"
        ),
    ],
)
def test_who_sees_a_file(
    request: pytest.FixtureRequest,
    client_for: Callable[[User], Client],
    operator_user: User,
    audience: str,
    who: set[str],
) -> None:
    row = keep(operator_user, audience=audience)
    for role in (*ROLES, "stranger_operator"):
        client = client_for(request.getfixturevalue(role))
        expected = 200 if role in who else 404
        for name in ("download", "preview"):
            assert fetch(client, name, row).status_code == expected, (role, name)
    assert fetch(Client(), "download", row).status_code == 302
    assert fetch(Client(), "released", row).status_code == 404


def test_released_file_is_for_everybody(operator_user: User, centre_clerk: User, finance: User) -> None:
    row = keep(centre_clerk, audience=Audience.PUBLIC)
    services.release(row, by=centre_clerk)
    assert fetch(Client(), "released", row).status_code == 200
    for user in (operator_user, finance):
        assert Attachment.objects.visible_to(user).filter(pk=row.pk).exists()
    with pytest.raises(Refused):
        services.release(keep(operator_user), by=centre_clerk)


def test_association_sees_only_through_an_open_share(
    association: User, operator_user: User, centre_clerk: User, settings: Any
) -> None:
    assert association.organisation is not None
    row, last = keep(operator_user), today() + dt.timedelta(days=3)
    terms: dict[str, Any] = {"by": centre_clerk, "organisation": association.organisation, "until": last}
    first, second = uuid.uuid4(), uuid.uuid4()
    share = services.share(row, **terms, matter=first, reason="行业意见")
    assert services.share(row, **terms, matter=first, reason="再次") == share
    assert services.share(row, **terms, matter=second, reason="另一事项") != share
    with pytest.raises(Refused, match="证件类"):
        services.share(keep(operator_user, secret=True), **terms, matter=first, reason="行业意见")
    assert list(Attachment.objects.visible_to(association)) == [row]
    services.close_shares(matter=first, by=centre_clerk)
    assert list(Attachment.objects.visible_to(association)) == [row], "另一事项仍开放"
    settings.PORTAL_TODAY = last
    assert list(Attachment.objects.visible_to(association)) == [row], "截止当日仍可查看"
    settings.PORTAL_TODAY = last + dt.timedelta(days=1)
    assert not Attachment.objects.visible_to(association).exists()


def test_a_secret_file_stays_closed_even_where_a_share_says_otherwise(association: User, operator_user: User) -> None:
    secret = keep(operator_user, secret=True)
    rows.share(attachment=secret, organisation=association.organisation, until=today())
    assert not Attachment.objects.visible_to(association).exists()


@pytest.mark.parametrize(
    ("before", "after", "fine"),
    [
        pytest.param(Audience.PUBLIC, Audience.OFFICE, True, id="公开改为主管部门"),
        pytest.param(Audience.PARTY_AND_OFFICE, Audience.CENTRE, True, id="本单位改为中心"),
        pytest.param(Audience.OFFICE, Audience.OFFICE, True, id="不变"),
        pytest.param(Audience.OFFICE, Audience.PARTY_AND_OFFICE, False, id="主管部门改为本单位"),
        pytest.param(Audience.CENTRE, Audience.PUBLIC, False, id="中心改为公开"),
    ],
)
def test_audience_narrows_only(centre_clerk: User, before: str, after: str, fine: bool) -> None:
    row = keep(centre_clerk, audience=before)
    if fine:
        assert services.narrow(row, by=centre_clerk, audience=after).audience == after
    else:
        with pytest.raises(Refused):
            services.narrow(row, by=centre_clerk, audience=after)


def test_headers_of_download_and_preview(client_for: Callable[[User], Client], operator_user: User) -> None:
    row = keep(operator_user, name="劳务协议 终稿.pdf")
    picture = keep(operator_user, files.image("PNG"), name="站点.png")
    client = client_for(operator_user)
    answer = fetch(client, "download", row)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "sandbox" in answer["Content-Security-Policy"]
    for item, words in ((row, "default-src 'none'"), (picture, "sandbox")):
        answer = fetch(client, "preview", item)
        assert answer["Content-Disposition"].startswith("inline")
        assert words in answer["Content-Security-Policy"]
        assert answer["X-Frame-Options"] == "SAMEORIGIN"  # shown beside the form; no other page is framed
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "no-store, private"


def test_secret_paper_opens_by_a_logged_post(
    client_for: Callable[[User], Client], operator_user: User, centre_clerk: User, stranger_operator: User
) -> None:
    row = keep(operator_user, secret=True)
    page = reverse("attachments:open", args=[row.pk])
    client = client_for(centre_clerk)
    for name in ("attachments:download", "attachments:preview"):
        assert client.get(reverse(name, args=[row.pk]))["Location"] == page
    assert "请说明用途" in client.get(page).content.decode()
    assert client.post(page, {"purpose": " "}).status_code == 422
    assert not AuditEntry.objects.filter(action="attachment.open_secret").exists()
    answer = client.post(page, {"purpose": "核对身份"})
    assert answer["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    entry = AuditEntry.objects.get(action="attachment.open_secret")
    assert (entry.actor, entry.purpose, entry.object_id) == (centre_clerk, "核对身份", str(row.pk))
    assert client_for(stranger_operator).post(page, {"purpose": "偷看一下"}).status_code == 404


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        pytest.param("attachment_released_is_public", {"released_at": "2026-11-23T00:00:00Z"}, id="发布的必公开"),
        pytest.param("attachment_secret_never_public", {"secret": True, "audience": "PUBLIC"}, id="证件不公开"),
    ],
)
def test_database_says_no(operator_user: User, name: str, fields: dict[str, Any]) -> None:
    row = keep(operator_user)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Attachment.objects.filter(pk=row.pk).update(**fields)


@pytest.fixture
def clamd(settings: Any, tmp_path: Path) -> Iterator[Callable[[bytes | None], None]]:
    """A scanner's socket that answers what the test says (None: takes everything and closes)."""
    path = tmp_path / "clamd.sock"
    server = socket.socket(socket.AF_UNIX)
    answers: list[bytes | None] = []

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with peer:
                received = b""
                while not received.endswith(b"\0\0\0\0"):
                    received += peer.recv(65536)
                if answers[-1] is not None:
                    peer.sendall(answers[-1])

    def start(answer: bytes | None) -> None:
        answers.append(answer)
        if len(answers) == 1:
            server.bind(str(path))
            server.listen()
            threading.Thread(target=serve, daemon=True).start()
            settings.CLAMD_SOCKET = str(path)

    yield start
    server.shutdown(socket.SHUT_RDWR) if answers else None
    server.close()


def test_infected_file_is_refused(clamd: Callable[[bytes | None], None], operator_user: User) -> None:
    clamd(b"stream: Eicar-Test-Signature FOUND\0")
    with pytest.raises(UploadError, match="病毒"):
        keep(operator_user)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="不回答"),
        pytest.param(b"INSTREAM size limit exceeded. ERROR\0", id="超过扫描上限"),
        pytest.param(b"garbage", id="胡乱回答"),
    ],
)
def test_unknown_is_quarantined_and_scanned_again(
    clamd: Callable[[bytes | None], None],
    client_for: Callable[[User], Client],
    operator_user: User,
    answer: bytes | None,
) -> None:
    clamd(answer)
    row = keep(operator_user)
    assert row.state == FileState.QUARANTINED
    page = client_for(operator_user).get(reverse("attachments:download", args=[row.pk]))
    assert page.status_code == 404
    assert "等待安全检查" in page.content.decode()
    assert maintenance.rescan() == 0
    clamd(b"stream: OK\0")
    assert maintenance.rescan() == 1
    row.refresh_from_db()
    assert row.state == FileState.OK


def test_scanner_down_is_quarantine(settings: Any, tmp_path: Path, operator_user: User) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.sock")
    assert keep(operator_user).state == FileState.QUARANTINED


def test_generated_file_needs_no_check(operator_user: User) -> None:
    assert operator_user.organisation is not None
    row = services.store_generated(
        b"PK\x03\x04 made here",
        name="标注版.xlsx",
        file_type="xlsx",
        by=operator_user,
        organisation=operator_user.organisation,
        audience=Audience.PARTY_AND_OFFICE,
    )
    assert (row.name, row.can_preview) == ("标注版.xlsx", False)
    assert factories.organisation(OrganisationKind.CENTRE) != row.organisation
