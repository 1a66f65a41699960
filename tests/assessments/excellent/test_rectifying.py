"""限期整改 of a failed 复核 under the reading RECTIFY_ONCE (G-32): once, with a last day and a second 复核."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from assessments.excellent.enums import TitleState, Verdict
from assessments.excellent.models import Reverification, Title
from assessments.excellent.queries import public_titles, rectifying, to_hand_in
from assessments.excellent.services import titles
from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Refused
from jinhua_labor.mailbox.models import Message
from jinhua_labor.rulebook.book import forget_book
from stations.ledger.enums import Item
from stations.registry.models import Station
from tests.assessments.excellent.build import document, final_year, seen
from tests.meta import rows_rulebook

pytestmark = pytest.mark.django_db
DECIDED, UNTIL, OVER = "2025-12-20 09:00 +08:00", dt.date(2026, 6, 30), "2026-07-01 09:00 +08:00"


@pytest.fixture
def reading() -> Iterator[None]:
    """限期整改一次, recorded by the bureau."""
    words = {"value": "RECTIFY_ONCE", "reading": "复核不通过的，限期整改一次。"}
    day = dt.date(2024, 1, 2)
    rows_rulebook.confirmed(valid_from=day, changes={"pv": {"reverify_fail_action": words}})
    forget_book()
    yield
    forget_book()


@pytest.fixture
def failed(title: Title, station: Station, centre_clerk: User, centre_second: User) -> Reverification:
    """The first 复核, screened: the ledger of the fourth year lacks one item."""
    with time_machine.travel(DECIDED, tick=False):
        seen(final_year(station, 3), centre_clerk)
        seen(final_year(station, 4), centre_clerk, Item.L3)
        titles.open_due(day=dt.date(2025, 12, 20), by=User.objects.system())
        return screened(title.reverifications.get(), centre_clerk, centre_second)


def screened(row: Reverification, by: User, second: User) -> Reverification:
    titles.submit(reverification_id=row.pk, by=by)
    titles.screen(reverification_id=row.pk, opinion="已核对。", by=second)
    row.refresh_from_db()
    return row


def rectified(row: Reverification, by: User, **more: Any) -> Reverification:
    said = {"opinion": "台账不完备。", "words": "补齐安全生产制度。", "until": UNTIL, **more}
    return titles.rectify(reverification_id=row.pk, by=by, **said)


def withdrawn(row: Reverification, by: User, number: int = 90) -> Title:
    return titles.withdraw(
        reverification_id=row.pk,
        opinion="仍不符合。",
        doc_no=f"金东人社〔2025〕{number}号",
        issued_on=dt.date(2025, 12, 20),
        upload=document(),
        by=by,
    )


def complete(station: Station, by: User) -> None:
    """The ledger looked at again on site: nothing is missing."""
    year = station.assessments.order_by("-period_no").first()
    assert year is not None
    seen(year, by)


def test_没有这个口径的_直接撤销不作整改(failed: Reverification, bureau_official: User) -> None:
    with time_machine.travel(DECIDED, tick=False):
        with pytest.raises(Refused, match="不作限期整改"):
            rectified(failed, bureau_official)
        assert withdrawn(failed, bureau_official).state == TitleState.WITHDRAWN


@pytest.mark.usefixtures("reading")
class Test限期整改:
    def test_先整改_称号保留_站点和中心得知(
        self, failed: Reverification, title: Title, bureau_official: User, operator_user: User, centre_clerk: User
    ) -> None:
        with time_machine.travel(DECIDED, tick=False):
            with pytest.raises(Refused, match="先限期整改一次"):
                withdrawn(failed, bureau_official)
            second = rectified(failed, bureau_official)
            failed.refresh_from_db()
            title.refresh_from_db()
            assert (failed.verdict, failed.rectify_until, title.state) == (Verdict.RECTIFY, UNTIL, TitleState.HELD)
            assert (second.after_id, second.number, second.due_on) == (failed.pk, 1, UNTIL)
            assert list(public_titles()) == [title]
            told = Message.objects.get(user=operator_user, subject__endswith="复核：限期整改")
            assert "补齐安全生产制度" in told.body
            assert "2026年6月30日" in told.body
            assert Message.objects.filter(user=centre_clerk, subject__startswith="限期整改后请再次复核").exists()
            assert list(rectifying(operator_user)) == [failed]
            assert second not in to_hand_in(centre_clerk)
        with time_machine.travel(OVER, tick=False):
            assert second in to_hand_in(centre_clerk)

    def test_期内仍不符合不报审_期满仍不符合的撤销_不再整改(
        self,
        failed: Reverification,
        title: Title,
        bureau_official: User,
        centre_clerk: User,
        centre_second: User,
    ) -> None:
        with time_machine.travel(DECIDED, tick=False):
            second = rectified(failed, bureau_official)
            with pytest.raises(Refused, match="期满之后再办"):
                titles.submit(reverification_id=second.pk, by=centre_clerk)
        with time_machine.travel(OVER, tick=False):
            screened(second, centre_clerk, centre_second)
            with pytest.raises(Refused, match="已经整改过一次"):
                rectified(second, bureau_official, until=dt.date(2026, 8, 1))
            withdrawn(second, bureau_official)
        title.refresh_from_db()
        assert (title.state, title.end_reason) == (TitleState.WITHDRAWN, "第1次复核不通过")

    def test_期内整改好的提前报审_通过_下一次复核照常按日(
        self,
        failed: Reverification,
        title: Title,
        station: Station,
        bureau_official: User,
        centre_clerk: User,
        centre_second: User,
    ) -> None:
        with time_machine.travel(DECIDED, tick=False):
            second = rectified(failed, bureau_official)
        with time_machine.travel("2026-02-01 09:00 +08:00", tick=False):
            complete(station, centre_clerk)
            screened(second, centre_clerk, centre_second)
            titles.keep(reverification_id=second.pk, opinion="已整改到位。", by=bureau_official)
            assert not rectifying(bureau_official).exists()
        system = User.objects.system()
        assert titles.open_due(day=dt.date(2027, 10, 20), by=system) == 0
        assert titles.open_due(day=dt.date(2027, 10, 21), by=system) == 1
        assert title.reverifications.filter(number=2).get().due_on == dt.date(2027, 12, 20)

    def test_报审之后又不符合_期内不能撤销(
        self,
        failed: Reverification,
        station: Station,
        bureau_official: User,
        centre_clerk: User,
        centre_second: User,
    ) -> None:
        with time_machine.travel(DECIDED, tick=False):
            second = rectified(failed, bureau_official)
            complete(station, centre_clerk)
            screened(second, centre_clerk, centre_second)
            year = station.assessments.order_by("-period_no").first()
            assert year is not None
            seen(year, centre_clerk, Item.L3)
            with pytest.raises(Refused, match="期满之后再办"):
                withdrawn(second, bureau_official)

    @pytest.mark.parametrize(("until", "words"), [("2025-12-20", "今天之后"), ("2026-12-21", "最长12个月")])
    def test_期限不当的不收(self, until: str, words: str, failed: Reverification, bureau_official: User) -> None:
        with time_machine.travel(DECIDED, tick=False), pytest.raises(Refused) as refused:
            rectified(failed, bureau_official, until=dt.date.fromisoformat(until))
        assert any(words in text for text, _ in refused.value.problems)

    def test_由局决定_同一表单只算一次(
        self, failed: Reverification, bureau_official: User, centre_clerk: User, title: Title
    ) -> None:
        key = uuid.uuid4()
        with time_machine.travel(DECIDED, tick=False):
            with pytest.raises(PermissionDenied):
                rectified(failed, centre_clerk)
            assert rectified(failed, bureau_official, key=key).pk == rectified(failed, bureau_official, key=key).pk
        assert title.reverifications.count() == 2

    def test_页面_局要求整改_站点看到要求和期限(
        self,
        failed: Reverification,
        bureau_official: User,
        operator_user: User,
        centre_clerk: User,
        client_for: Callable[[User], Client],
    ) -> None:
        with time_machine.travel(DECIDED, tick=False):
            official, url = client_for(bureau_official), failed.get_absolute_url()
            address = reverse("excellent:reverification_rectify", args=[failed.pk])
            page = official.get(url).content.decode()
            assert address in page
            assert reverse("excellent:reverification_withdraw", args=[failed.pk]) not in page
            assert failed.review is not None
            said = {"key": uuid.uuid4(), "version": failed.review.version, "opinion": "台账不完备。", "until": UNTIL}
            again = official.post(address, said | {"words": ""})
            assert again.status_code == 422
            assert "台账不完备。" in again.content.decode()
            assert official.post(address, said | {"words": "补齐安全生产制度。"}).status_code == 302
            second = failed.title.reverifications.get(after=failed)
            text = BeautifulSoup(client_for(operator_user).get(url).content, "html.parser").get_text(" ", strip=True)
            assert "补齐安全生产制度。" in text
            assert "2026年6月30日（含）" in text
            assert second.get_absolute_url() not in client_for(operator_user).get(url).content.decode()
            assert "限期整改" in client_for(operator_user).get(reverse("excellent:rounds")).content.decode()
            page = client_for(centre_clerk).get(second.get_absolute_url()).content.decode()
            assert "整改期限未满" in page
            assert reverse("excellent:reverification_submit", args=[second.pk]) not in page
