"""The ledger of a year: facts from roster, contracts and checks, entries, what was seen on paper, the printed book."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.reading import read_bytes
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.jobs.models import Job
from stations.ledger.enums import Item
from stations.ledger.models import LedgerBook, LedgerEntry
from stations.ledger.printing import make_book
from stations.ledger.queries import facts_of, states_of, year_of
from stations.ledger.rules import Level, Light
from stations.ledger.services import Paper, add_entry, mark_seen, retire_entry
from stations.registry.enums import StationState
from stations.registry.models import Employer, Station
from stations.registry.queries.papers import period_of
from stations.roster.enums import ContractKind, CountStatus, RetentionResult, RetentionSource
from stations.roster.models import Contract, Delivery, RetentionCheck
from tests import factories
from tests.documents.paper import text
from tests.meta import rows, rows_ledger

pytestmark = pytest.mark.django_db
VOLUME = Paper("2026-01册", "档案柜2", 36)


@pytest.fixture
def station(operator_user: User) -> Station:
    day = today() - dt.timedelta(days=250)
    return rows.station(operator=operator_user.organisation, established_on=day, term_from=day)


@pytest.fixture
def employers() -> list[Employer]:
    return [rows.employer(name=f"示例{n}号制造有限公司") for n in (1, 2)]


def deliver(station: Station, employer: Employer, *, days: int = 10, status: str = CountStatus.COUNTED) -> Delivery:
    """A person who entered so many days after the year began."""
    entry = station.established_on + dt.timedelta(days=days)
    return rows.delivery(
        operator=station.operator, station=station, employer=employer, entry_on=entry, status=status, name="测试工友"
    )


def sign(delivery: Delivery, by: User) -> Contract:
    return Contract.objects.create(
        delivery=delivery,
        signed_on=delivery.entry_on,
        starts_on=delivery.entry_on,
        kind=ContractKind.OPEN,
        paper_reference="合同册1",
        added_by=by,
    )


def retained(delivery: Delivery, by: User, result: str = RetentionResult.RETAINED) -> RetentionCheck:
    check_on = delivery.entry_on + dt.timedelta(days=181)
    answered = {
        "result": result,
        "locked": True,
        "source": RetentionSource.values[0],
        "checked_by": by,
        "checked_at": timezone.now(),
        "employer_on_check": delivery.employer,
    }
    return RetentionCheck.objects.create(
        delivery=delivery, check_on=check_on, due_on=check_on, **(answered if result else {})
    )


def add(station: Station, by: User, item: Item = Item.L1, **changed: Any) -> LedgerEntry:
    values = {"period": 1, "title": item.label, "paper": VOLUME, **changed}
    return add_entry(station_id=station.pk, item=item, by=by, **values)


def state(station: Station, *, official: bool = False) -> Any:
    return states_of([(station, period_of(station, today()))], on=today(), official=official)[station.pk]


def levels(station: Station) -> dict[str, str]:
    return {one.item: one.level.name for one in state(station).items}


# --- facts ------------------------------------------------------------------------------------------------------------


def test_没有输送则没有缺项(station: Station) -> None:
    assert set(levels(station).values()) == {"NOT_DUE"}
    assert state(station).light is Light.GREEN


def test_八项的事实(station: Station, employers: list[Employer], operator_user: User) -> None:
    first, second = deliver(station, employers[0]), deliver(station, employers[1])
    deliver(station, rows.employer(), status=CountStatus.EXCLUDED)  # its employer is not served
    deliver(station, employers[0], days=-5)  # before the year
    sign(first, operator_user)
    voided = sign(second, operator_user)
    Contract.objects.filter(pk=voided.pk).update(
        voided_at=timezone.now(), voided_by=operator_user, void_reason="录入错误"
    )
    retained(first, operator_user)
    retained(second, operator_user, result="")
    add(station, operator_user, employer_id=employers[0].pk)
    rows_ledger.job_demand(
        station=station, employer=employers[1], valid_from=station.established_on, valid_to=station.established_on
    )
    assert levels(station) == {
        "L1": "PARTIAL",
        "L2": "ABSENT",
        "L3": "ABSENT",
        "L4": "PARTIAL",
        "L5": "COMPLETE",
        "L6": "PARTIAL",
        "L7": "PARTIAL",
        "L8": "NOT_DUE",
    }
    found = state(station)
    assert [one.percent for one in found.items][:1] == [50]
    assert (found.missing, found.stake_text, found.light) == ((Item.L2, Item.L3), "缺 2 项 = −6 分", Light.RED)


def test_正式评分只认见过的纸质(
    station: Station, employers: list[Employer], operator_user: User, centre_clerk: User
) -> None:
    deliver(station, employers[0])
    entry = add(station, operator_user, employer_id=employers[0].pk)
    listed = add(station, operator_user, Item.L5)
    before = {one.item: one.level for one in state(station, official=True).items}
    assert (before[Item.L1], before[Item.L5]) == (Level.ABSENT, Level.ABSENT)
    mark_seen(station_id=station.pk, entry_ids=[entry.pk, listed.pk], by=centre_clerk)
    after = {one.item: one.level for one in state(station, official=True).items}
    assert (after[Item.L1], after[Item.L5], after[Item.L2]) == (Level.COMPLETE, Level.COMPLETE, Level.ABSENT)


def test_查询数不随站点和企业增长(
    station: Station, employers: list[Employer], operator_user: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    others = [rows.station(operator=station.operator) for _ in range(2)]
    for years in ([station], [station, *others]):
        with django_assert_num_queries(3):
            facts_of([(one, period_of(one, today())) for one in years], on=today())
    for count in (1, 2):
        deliver(station, employers[count - 1])
        add(station, operator_user, employer_id=employers[count - 1].pk)
        with django_assert_num_queries(5):
            year_of(station, period_of(station, today()), operator_user, on=today())


# --- entries ----------------------------------------------------------------------------------------------------------


def test_登记_替换_移出_旧条目留着(station: Station, employers: list[Employer], operator_user: User) -> None:
    first = add(station, operator_user, employer_id=employers[0].pk, upload=factories.png())
    second = add(station, operator_user, employer_id=employers[0].pk, replaces=first.pk)
    first.refresh_from_db()
    assert first.file is not None
    assert (first.superseded_by, second.superseded_at, second.file) == (operator_user, None, None)
    with pytest.raises(Conflict):
        add(station, operator_user, employer_id=employers[0].pk, replaces=first.pk)
    retire_entry(entry_id=second.pk, by=operator_user)
    assert (LedgerEntry.objects.count(), LedgerEntry.objects.current().count()) == (2, 0)
    assert set(AuditEntry.objects.filter(action__startswith="ledger.").values_list("action", flat=True)) == {
        "ledger.add",
        "ledger.replace",
        "ledger.remove",
    }


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"paper": Paper()}, "上传电子件", id="既无文件也无册号"),
        pytest.param({"paper": Paper("", "柜1"), "upload": True}, "册号", id="有存放地点没有册号"),
        pytest.param({"employer_id": None}, "用工企业", id="前四目没有企业"),
        pytest.param({"item": Item.L8}, "用工企业", id="第八目写了企业"),
        pytest.param({"period": 2}, "还没有开始", id="未开始的年度"),
    ],
)
def test_不能登记(
    station: Station, employers: list[Employer], operator_user: User, changed: dict[str, Any], message: str
) -> None:
    values = {"employer_id": employers[0].pk, **changed}
    if values.get("upload"):
        values["upload"] = factories.png()
    with pytest.raises(Refused, match=message):
        add(station, operator_user, **values)
    assert not LedgerEntry.objects.exists()


def test_谁能登记谁能核对(
    station: Station, employers: list[Employer], operator_user: User, stranger_operator: User, centre_clerk: User
) -> None:
    entry = add(station, operator_user, employer_id=employers[0].pk)
    for person in (stranger_operator, centre_clerk, factories.user(Role.BUREAU)):
        with pytest.raises(PermissionDenied):
            add(station, person, employer_id=employers[0].pk)
        with pytest.raises(PermissionDenied):
            retire_entry(entry_id=entry.pk, by=person)
    for person in (operator_user, factories.user(Role.BUREAU)):
        with pytest.raises(PermissionDenied):
            mark_seen(station_id=station.pk, entry_ids=[entry.pk], by=person)
    Station.objects.filter(pk=station.pk).update(state=StationState.REVOKED)
    with pytest.raises(Refused, match="已取消"):
        add(station, operator_user, employer_id=employers[0].pk)


def test_一次勾选多条已见纸质(
    station: Station, employers: list[Employer], operator_user: User, centre_clerk: User, centre_second: User
) -> None:
    entries = [add(station, operator_user, employer_id=one.pk) for one in employers]
    ids = [entry.pk for entry in entries]
    assert mark_seen(station_id=station.pk, entry_ids=ids, by=centre_clerk) == 2
    assert mark_seen(station_id=station.pk, entry_ids=ids, by=centre_second) == 0  # the first who saw it stays
    assert set(LedgerEntry.objects.values_list("paper_seen_by", flat=True)) == {centre_clerk.pk}
    with pytest.raises(Refused, match="勾选"):
        mark_seen(station_id=station.pk, entry_ids=[], by=centre_clerk)
    retire_entry(entry_id=ids[0], by=operator_user)
    with pytest.raises(Conflict):
        mark_seen(station_id=station.pk, entry_ids=ids, by=centre_clerk)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_登记到核对的页面(
    station: Station,
    employers: list[Employer],
    operator_user: User,
    centre_clerk: User,
    client_for: Callable[[User], Client],
) -> None:
    deliver(station, employers[0])
    own, office = client_for(operator_user), client_for(centre_clerk)
    page = own.get(reverse("ledger:station", args=[station.pk])).content.decode()
    assert "缺 5 项 = −10 分" in page
    assert employers[0].name in page
    address = reverse("ledger:entry_add", args=[station.pk, 1, "L3"])
    assert own.post(address, {"employer": employers[0].pk, "title": "安全制度"}).status_code == 422
    values = {"employer": employers[0].pk, "title": "安全制度", "file": factories.png(), "paper_pages": ""}
    for _ in range(2):  # the same form twice
        sent = {**values, "file": factories.png(), "key": "00000000-0000-4000-8000-000000000001"}
        assert own.post(address, sent).status_code == 302
    entry = LedgerEntry.objects.get()
    assert "纸质待核" in own.get(reverse("ledger:year", args=[station.pk, 1])).content.decode()
    replaced = own.get(f"{address}?replaces={entry.pk}").content.decode()
    assert "保留在记录中" in replaced
    target = reverse("ledger:seen", args=[station.pk, 1])
    assert office.post(target, {}).status_code == 422
    assert office.post(target, {"entry": [str(entry.pk), "nonsense"]}).status_code == 302
    entry.refresh_from_db()
    assert entry.paper_seen_by == centre_clerk
    assert own.get(reverse("ledger:year", args=[station.pk, 2])).status_code == 404
    assert own.post(reverse("ledger:entry_retire", args=[entry.pk])).status_code == 302


def test_打印须写明用途_在后台完成(station: Station, operator_user: User, client_for: Callable[[User], Client]) -> None:
    own, address = client_for(operator_user), reverse("ledger:print", args=[station.pk, 1])
    assert own.post(address, {"purpose": ""}).status_code == 422
    response = own.post(address, {"purpose": "年度归档"})
    job = Job.objects.get(kind="ledger.book")
    assert response["Location"] == reverse("jobs:detail", args=[job.pk])


# --- the book ---------------------------------------------------------------------------------------------------------


def test_台账成册(station: Station, employers: list[Employer], operator_user: User, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.test"
    signed = deliver(station, employers[0])
    sign(signed, operator_user)
    retained(signed, operator_user)
    deliver(station, employers[1], status=CountStatus.PENDING)
    add(station, operator_user, employer_id=employers[0].pk, upload=factories.png((800, 600)))
    add(station, operator_user, Item.L8, title="培训记录")
    told = []
    book = make_book(
        station=Station.objects.select_related("operator").get(pk=station.pk),
        period=period_of(station, today()),
        purpose="年度归档",
        by=operator_user,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (8, 8)
    assert (book.file.secret, book.file.audience, book.file.pages) == (True, "PARTY_AND_OFFICE", book.pages)
    content = read_bytes(book.file)
    words = text(content)
    for item in Item:
        assert item.label in words
    assert signed.person.id_number in words  # 附件2 of the file copy, in full
    assert words.count(signed.person.id_number) == 1  # elsewhere by its last digits
    for expected in ("计入1人", "合同册1", "应统计1人，留用1人", "培训记录", "2026-01册", "填报人（签名）"):
        assert expected in words, expected
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert len(opened.pages) == book.pages
    entry = AuditEntry.objects.get(action="ledger.book")
    assert (entry.purpose, signed.person.id_number in str(entry.detail)) == ("年度归档", False)
    assert LedgerBook.objects.visible_to(operator_user).count() == 1
