"""The public site: open to everyone, true to the notice, without any person."""

from __future__ import annotations

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.dashboard.queries.verify import check
from jinhua_labor.policy.load import versions
from stations.applications.models import Application
from stations.applications.services import establishment
from stations.roster.models import RosterList
from tests.stations.applications.approved import approved
from tests.stations.applications.build import deliver, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def established(operator_user: User, centre_clerk: User, bureau_official: User) -> Application:
    application = approved(operator_user, centre_clerk, bureau_official)
    deliver(application, 2)
    RosterList.objects.filter(pk=application.roster_list_id).update(counted=2, pending=0, excluded=0, rows=2)
    batch = establishment.create(key=uuid.uuid4(), application_ids=[application.pk], by=bureau_official)
    establishment.issue(
        batch_id=batch.pk,
        doc_no=f"金东人社〔{today().year}〕14号",
        issued_on=today(),
        upload=pdf(),
        publish=True,
        by=bureau_official,
    )
    application.refresh_from_db()
    return application


PAGES = ["public_home", "guide", "policy", "verify"]


@pytest.mark.parametrize("name", PAGES)
def test_不登录也能看(name: str, client: Client) -> None:
    page = client.get(reverse(f"dashboard:{name}"))
    assert page.status_code == 200
    assert " style=" not in page.content.decode()


def test_首页数字是真的_没有人名(established: Application, client: Client) -> None:
    text = client.get("/").content.decode()
    assert "2<span class" in text
    for secret in ("测试1", "测试庚", "13000000000"):
        assert secret not in text


def test_首页查询数固定(established: Application, client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        client.get("/")


def test_政策页逐字载有全文和口径(client: Client) -> None:
    import html

    text = html.unescape(client.get(reverse("dashboard:policy")).content.decode())
    policy = versions()[0]
    for article in policy.document.articles:
        for line in article.text.splitlines():
            assert line.strip() in text
    for line in policy.indicators:
        assert line.criterion in text
    for reading in policy.readings.values():
        if reading.interpretive and (reading.clause.startswith("第") or reading.clause.startswith("附件")):
            assert reading.reading in text, reading.name


def test_办事指南载有七项材料和承诺时限(client: Client) -> None:
    text = client.get(reverse("dashboard:guide")).content.decode()
    policy = versions()[0]
    assert all(material.name in text for material in policy.materials)
    assert f"{policy.settings.sla_total_workdays} 个工作日" in text


@pytest.mark.parametrize(
    ("name", "start"),
    [
        pytest.param("annex1.pdf", b"%PDF", id="附件1"),
        pytest.param("annex2.pdf", b"%PDF", id="附件2"),
        pytest.param("annex2.xlsx", b"PK", id="附件2模板"),
        pytest.param("annex3.pdf", b"", id="没有这个表"),
    ],
)
def test_空白表格下载(name: str, start: bytes, client: Client) -> None:
    page = client.get(reverse("dashboard:blank", args=[name]))
    assert page.status_code == (200 if start else 404)
    if start:
        assert page.content.startswith(start)


def test_查验回执只给状态(established: Application, client: Client) -> None:
    number = established.review.number
    text = client.get(reverse("dashboard:verify"), {"code": f" {number.lower()} "}).content.decode()
    assert "已办结" in text
    assert established.operator.name not in text


@pytest.mark.parametrize(
    ("code", "known"),
    [
        pytest.param("金东人社[{year}]14号", True, id="文号写法不规范也认"),
        pytest.param("金东人社〔{year}〕15号", False, id="没有这个文号"),
        pytest.param("SL-330703-20200101-001", False, id="没有这个受理编号"),
        pytest.param("'; DROP TABLE", False, id="乱码"),
    ],
)
def test_查验文号(established: Application, code: str, known: bool) -> None:
    assert check(code.format(year=today().year)).known is known


def test_存活与就绪(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/healthz").content == b"ok\n"
    assert client.get("/readyz").status_code == 200

    def down() -> None:
        raise DatabaseError

    monkeypatch.setattr("jinhua_labor.dashboard.views.health.connection.cursor", down)
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize(
    ("free", "told"),
    [pytest.param(10, b"ready\n", id="空一成"), pytest.param(9, b"ready\nwarning: disk below 10%\n", id="不足一成")],
)
def test_磁盘将满时就绪页提醒(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, free: int, told: bytes
) -> None:
    settings.MEDIA_ROOT = tmp_path / "not there yet"
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(total=100, used=100 - free, free=free))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, told)


def test_爬虫只能看公开页面(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Allow: /stations/directory/" in text
    assert "Disallow: /\n" in text
