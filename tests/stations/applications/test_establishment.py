"""发文: several approved applications, one document, all stations or none (R-17, R-19)."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.documents.models import IssuedDocument
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices.models import Notice, NoticeState
from jinhua_labor.review.states import State
from stations.applications.models import Application, EstablishmentBatch
from stations.applications.services import establishment
from stations.registry.models import Liaison, Station
from stations.roster.models import Delivery
from tests import factories
from tests.stations.applications.approved import approved
from tests.stations.applications.build import deliver, pdf

pytestmark = pytest.mark.django_db


def number(serial: int = 14) -> str:
    return f"金东人社〔{today().year}〕{serial}号"


@pytest.fixture
def one(operator_user: User, centre_clerk: User, bureau_official: User) -> Application:
    return approved(operator_user, centre_clerk, bureau_official)


@pytest.fixture
def other(stranger_operator: User, centre_clerk: User, bureau_official: User) -> Application:
    return approved(stranger_operator, centre_clerk, bureau_official, area_county="另一示例县")


@pytest.fixture
def batch(one: Application, other: Application, bureau_official: User) -> EstablishmentBatch:
    return establishment.create(key=uuid.uuid4(), application_ids=[one.pk, other.pk], by=bureau_official)


def issue(batch: EstablishmentBatch, by: User, **words: Any) -> EstablishmentBatch:
    given = {"doc_no": number(), "issued_on": today(), "upload": pdf("盖章件.pdf"), "publish": True, **words}
    return establishment.issue(batch_id=batch.pk, by=by, **given)


def test_两件一文_两站同一文号(batch: EstablishmentBatch, bureau_official: User) -> None:
    issue(batch, bureau_official)
    stations = list(Station.objects.order_by("number"))
    assert [row.number for row in stations] == [f"JD-{today().year}-001", f"JD-{today().year}-002"]
    assert {row.document.doc_no for row in stations} == {number()}
    assert {row.established_on for row in stations} == {today()}
    assert all(row.awaits_plaque for row in stations)
    assert not Application.objects.filter(batch=batch, station__isnull=True).exists()
    assert set(Liaison.objects.values_list("station_id", flat=True)) == {row.pk for row in stations}


def test_批次未发文时其他申请照常审核_三件并为一文(
    batch: EstablishmentBatch, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    third = approved(operator_user, centre_clerk, bureau_official, area_county="又一示例县")
    assert third.review.state == State.APPROVED, "R-17：即时审核，不等批次"
    establishment.add(batch_id=batch.pk, application_ids=[third.pk], by=bureau_official)
    issue(batch, bureau_official)
    assert Station.objects.count() == 3
    assert {row.document.doc_no for row in Station.objects.all()} == {number()}


def test_发文后名册人员归站_承建单位得知_公布待另一人发布(
    one: Application, batch: EstablishmentBatch, bureau_official: User, bureau_second: User, operator_user: User
) -> None:
    deliver(one, 3)
    issue(batch, bureau_official)
    one.refresh_from_db()
    assert (
        list(Delivery.objects.filter(roster_list=one.roster_list).values_list("station_id", flat=True))
        == [one.station_id] * 3
    )
    assert Message.objects.filter(user=operator_user, subject__contains="已设立").exists()
    notice = Notice.objects.get(object_id=batch.pk)
    assert (notice.state, notice.ends_on) == (NoticeState.READY, None)
    assert one.operator.name in notice.body


def test_盖章件留有两种摘要(batch: EstablishmentBatch, bureau_official: User) -> None:
    issued = issue(batch, bureau_official).document
    assert issued is not None
    assert (len(issued.signed_sha256), len(issued.signed_sm3)) == (64, 64)
    assert issued.signed_sha256 == issued.signed_file.sha256
    assert issued.signed_file.released_at is not None
    assert [row["name"] for row in issued.content["stations"]] == list(
        Station.objects.order_by("number").values_list("name", flat=True)
    )


def test_不公开的盖章件公众看不到(batch: EstablishmentBatch, bureau_official: User, client: Client) -> None:
    issued = issue(batch, bureau_official, publish=False).document
    assert issued is not None
    assert client.get(reverse("attachments:released", args=[issued.signed_file_id])).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("金东人社[{year}]14号", id="半角方括号"),
        pytest.param("金东人社（{year}）第014号", id="圆括号和前导零"),
        pytest.param(" 金东人社 〔{year}〕 14 号 ", id="夹空格"),
    ],
)
def test_文号归一(batch: EstablishmentBatch, bureau_official: User, typed: str) -> None:
    issued = issue(batch, bureau_official, doc_no=typed.format(year=today().year)).document
    assert issued is not None
    assert issued.doc_no == number()


def _refused(batch: EstablishmentBatch, by: User, **words: Any) -> str:
    with pytest.raises(Refused) as refusal:
        issue(batch, by, **words)
    assert not Station.objects.exists()
    assert not IssuedDocument.objects.exists()
    assert not Attachment.objects.filter(kind="establishment_document").exists()
    return " ".join(text for text, _ in refusal.value.problems)


def test_文号重复_一站不立(
    batch: EstablishmentBatch, bureau_official: User, centre_clerk: User, operator_user: User
) -> None:
    issue(batch, bureau_official)
    third = approved(operator_user, centre_clerk, bureau_official, area_county="第三示例县")
    again = establishment.create(key=uuid.uuid4(), application_ids=[third.pk], by=bureau_official)
    with pytest.raises(Refused) as refusal:
        issue(again, bureau_official, doc_no=f"金东人社[{today().year}]14号")
    assert "已使用" in refusal.value.problems[0][0]
    assert Station.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param({"issued_on": today() + dt.timedelta(days=1)}, "不能晚于今天", id="成文日期在明天"),
        pytest.param({"issued_on": today() - dt.timedelta(days=1)}, "不能早于审核通过日期", id="成文日期在审核前"),
        pytest.param({"doc_no": "金东人社2021年14号"}, "不是规范的发文字号", id="文号不规范"),
        pytest.param({"doc_no": "金东人社〔2019〕14号"}, "与成文日期的年份不一致", id="文号年份不符"),
    ],
)
def test_文号和日期不对则一站不立(
    batch: EstablishmentBatch, bureau_official: User, words: dict[str, Any], told: str
) -> None:
    assert told in _refused(batch, bureau_official, **words)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({"term_to": today()}, "经营期限在成文日期前已届满", id="期限已满"),
        pytest.param({"area_province": "33"}, "须为省外", id="协作地在省内"),
        pytest.param({"filing_no": ""}, "尚未备案", id="未备案"),
    ],
)
def test_一件不能设立_全批不设立(
    one: Application,
    stranger_operator: User,
    centre_clerk: User,
    bureau_official: User,
    fields: dict[str, Any],
    told: str,
) -> None:
    bad = approved(stranger_operator, centre_clerk, bureau_official, **fields)
    batch = establishment.create(key=uuid.uuid4(), application_ids=[one.pk, bad.pk], by=bureau_official)
    assert told in _refused(batch, bureau_official)
    establishment.remove(batch_id=batch.pk, application_id=bad.pk, by=bureau_official)
    issue(batch, bureau_official)
    assert Station.objects.get().operator == one.operator


def test_同一单位同一地区不能有两站(
    one: Application, operator_user: User, centre_clerk: User, bureau_official: User
) -> None:
    first = establishment.create(key=uuid.uuid4(), application_ids=[one.pk], by=bureau_official)
    issue(first, bureau_official)
    twin = approved(operator_user, centre_clerk, bureau_official, area_county="示例 县")
    second = establishment.create(key=uuid.uuid4(), application_ids=[twin.pk], by=bureau_official)
    with pytest.raises(Refused) as refusal:
        issue(second, bureau_official, doc_no=number(15))
    assert "已有工作站" in refusal.value.problems[0][0]


def test_盖章件不是PDF被拒_什么都没留下(batch: EstablishmentBatch, bureau_official: User) -> None:
    with pytest.raises(Refused):
        issue(batch, bureau_official, upload=factories.png())
    assert not Station.objects.exists()


def test_中途失败全部撤回(batch: EstablishmentBatch, bureau_official: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last act of 发文 fails: nothing of it may stay."""

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(establishment, "_announce", broken)
    with pytest.raises(RuntimeError):
        issue(batch, bureau_official)
    assert (Station.objects.count(), IssuedDocument.objects.count(), Notice.objects.count()) == (0, 0, 0)
    batch.refresh_from_db()
    assert batch.document_id is None


def test_重复登记同一文件只设立一次(batch: EstablishmentBatch, bureau_official: User) -> None:
    issue(batch, bureau_official)
    issue(batch, bureau_official)
    assert (Station.objects.count(), IssuedDocument.objects.count()) == (2, 1)


def test_已发文的批次换文号再登记被告知(batch: EstablishmentBatch, bureau_official: User, bureau_second: User) -> None:
    issue(batch, bureau_official)
    with pytest.raises(Conflict, match=r"已由.*登记发文"):
        issue(batch, bureau_second, doc_no=number(15))


@pytest.mark.parametrize("role", [Role.CENTRE, Role.OPERATOR, Role.FINANCE, Role.AUDITOR])
def test_只有局能发文(batch: EstablishmentBatch, role: str) -> None:
    with pytest.raises(PermissionDenied):
        issue(batch, factories.user(role))


def test_同一表单两次提交只成一批(one: Application, bureau_official: User) -> None:
    key = uuid.uuid4()
    first = establishment.create(key=key, application_ids=[one.pk], by=bureau_official)
    assert establishment.create(key=key, application_ids=[one.pk], by=bureau_official) == first
    assert EstablishmentBatch.objects.count() == 1


def test_已在别的批次的申请不能再选(batch: EstablishmentBatch, one: Application, bureau_second: User) -> None:
    with pytest.raises(Conflict, match="已在其他批次"):
        establishment.create(key=uuid.uuid4(), application_ids=[one.pk], by=bureau_second)


def test_移出后标题跟着变_移空则解散(
    batch: EstablishmentBatch, one: Application, other: Application, bureau_official: User
) -> None:
    assert "等2个" in batch.title
    left = establishment.remove(batch_id=batch.pk, application_id=one.pk, by=bureau_official)
    assert left is not None
    assert "另一示例县" in left.title
    assert establishment.remove(batch_id=batch.pk, application_id=other.pk, by=bureau_official) is None
    assert Application.objects.filter(batch__isnull=True, station__isnull=True).count() == 2


def test_改过的标题不被覆盖(batch: EstablishmentBatch, one: Application, bureau_official: User) -> None:
    establishment.amend(batch_id=batch.pk, title="关于设立工作站的批复", main_to="示例单位", by=bureau_official)
    left = establishment.remove(batch_id=batch.pk, application_id=one.pk, by=bureau_official)
    assert left is not None
    assert left.title == "关于设立工作站的批复"


def test_解散后申请回到待发文(batch: EstablishmentBatch, bureau_official: User) -> None:
    establishment.dissolve(batch_id=batch.pk, by=bureau_official)
    assert Application.objects.filter(batch__isnull=True).count() == 2
    with pytest.raises(Conflict, match="已解散"):
        issue(batch, bureau_official)


def test_发文后不能移出或解散(batch: EstablishmentBatch, one: Application, bureau_official: User) -> None:
    issue(batch, bureau_official)
    for step in (
        lambda: establishment.dissolve(batch_id=batch.pk, by=bureau_official),
        lambda: establishment.remove(batch_id=batch.pk, application_id=one.pk, by=bureau_official),
    ):
        with pytest.raises(Conflict, match="已发文"):
            step()


def test_数据库拒绝未发文的设立(one: Application, batch: EstablishmentBatch, bureau_official: User) -> None:
    issue(batch, bureau_official)
    with pytest.raises(IntegrityError, match="established_was_filed"), transaction.atomic():
        Application.objects.filter(pk=one.pk).update(batch=None)


@pytest.mark.django_db(transaction=True)
def test_两人同时登记_一人成功另一人被告知(
    batch: EstablishmentBatch, bureau_official: User, bureau_second: User
) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def attempt(by: User, serial: int) -> None:
        start.wait()
        try:
            issue(batch, by, doc_no=number(serial))
            outcomes.append("设立")
        except Conflict:
            outcomes.append("被告知")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=pair) for pair in ((bureau_official, 14), (bureau_second, 15))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["被告知", "设立"]
    assert (Station.objects.count(), IssuedDocument.objects.count()) == (2, 1)


# --- Pages --------------------------------------------------------------------------------------------------------


def test_从选择到设立的页面(
    one: Application, other: Application, bureau_official: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(bureau_official)
    page = client.get(reverse("applications:batches"))
    assert one.review.number in page.content.decode()
    key = str(uuid.uuid4())
    posted = {"key": key, "applications": [str(one.pk), str(other.pk)]}
    made = client.post(reverse("applications:batch_create"), posted)
    assert made.status_code == 302
    assert client.post(reverse("applications:batch_create"), posted)["Location"] == made["Location"]
    batch = EstablishmentBatch.objects.get()
    assert client.get(reverse("applications:batch", args=[batch.pk])).status_code == 200
    assert client.get(reverse("applications:batch_pdf", args=[batch.pk])).content.startswith(b"%PDF")
    assert client.get(reverse("applications:batch_docx", args=[batch.pk])).content.startswith(b"PK")
    url = reverse("applications:batch_issue", args=[batch.pk])
    wrong = client.post(url, {"doc_no": "随便", "issued_on": today().isoformat(), "signed": pdf()})
    assert wrong.status_code == 422
    assert "随便" in wrong.content.decode()
    right = client.post(url, {"doc_no": number(), "issued_on": today().isoformat(), "signed": pdf()})
    assert right.status_code == 302
    assert Station.objects.count() == 2
    assert number() in client.get(reverse("applications:batches")).content.decode()


def test_没选申请_提示而不成批(one: Application, bureau_official: User, client_for: Callable[[User], Client]) -> None:
    page = client_for(bureau_official).post(reverse("applications:batch_create"), {"key": str(uuid.uuid4())})
    assert page.status_code == 422
    assert "请至少选择一件申请" in page.content.decode()


def test_加入已有批次(
    one: Application, other: Application, bureau_official: User, client_for: Callable[[User], Client]
) -> None:
    batch = establishment.create(key=uuid.uuid4(), application_ids=[one.pk], by=bureau_official)
    client_for(bureau_official).post(
        reverse("applications:batch_create"),
        {"key": str(uuid.uuid4()), "applications": [str(other.pk)], "batch": str(batch.pk)},
    )
    assert batch.applications.count() == 2


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.BUREAU, 200), (Role.CENTRE, 200), (Role.AUDITOR, 200), (Role.OPERATOR, 403), (Role.FINANCE, 403)],
)
def test_谁能看批次(batch: EstablishmentBatch, role: str, status: int, client_for: Callable[[User], Client]) -> None:
    url = reverse("applications:batch", args=[batch.pk])
    assert client_for(factories.user(role)).get(url).status_code == status


def test_批次已解散的页面给409(
    batch: EstablishmentBatch, bureau_official: User, bureau_second: User, client_for: Callable[[User], Client]
) -> None:
    issue(batch, bureau_second)
    page = client_for(bureau_official).post(reverse("applications:batch_dissolve", args=[batch.pk]))
    assert page.status_code == 409
    assert "已发文" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_列表查询数不随行数增长(
    rows: int,
    operator_user: User,
    centre_clerk: User,
    bureau_official: User,
    client_for: Callable[[User], Client],
    django_assert_max_num_queries: Any,
) -> None:
    for serial in range(rows):
        approved(operator_user, centre_clerk, bureau_official, area_county=f"示例{serial}县")
    client = client_for(bureau_official)
    client.get(reverse("applications:batches"))
    with django_assert_max_num_queries(14):
        client.get(reverse("applications:batches"))
