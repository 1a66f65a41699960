"""评分测算: the meter on the unit's home and the page of a station, line by line, 仅供参考."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from assessments.sheets.queries.meter import UNSCORED, meter_of, meters
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from stations.oversight.enums import AccidentState
from stations.registry.enums import StationState
from stations.registry.models import Station
from tests import factories
from tests.assessments.sheets import filled
from tests.meta import rows_safety
from tests.queries import queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _within_the_year() -> Iterator[None]:
    with time_machine.travel("2023-02-01 02:00:00+00:00", tick=False):
        yield


@pytest.fixture
def place(operator_user: User) -> Station:
    return filled.whole(operator=operator_user.organisation)


def page(client: Client, station: Station) -> BeautifulSoup:
    answer = client.get(reverse("dashboard:station_score", args=[station.pk]))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def test_首页有测算_与评估同一套算法(place: Station, operator_user: User, client_for: Callable[[User], Client]):
    answer = client_for(operator_user).get(reverse("dashboard:home"))
    text = " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())
    meter = meter_of(place, day=today())
    assert meter is not None
    assert f"评分测算：{place.name}" in text
    assert f"{meter.total:f} 分" in text
    assert "仅供参考" in text
    assert "怎样再上一步" in text
    assert "纸质待核" in text
    assert UNSCORED in text


def test_逐项页十三项与总分(place: Station, operator_user: User, client_for: Callable[[User], Client]):
    soup = page(client_for(operator_user), place)
    table = next(one for one in soup.find_all("table") if "十三项" in one.get_text())
    lines = table.tbody.find_all("tr")
    assert len(lines) == 13
    points = [int(line.find_all("td")[0].get_text()) for line in lines]
    assert sum(points) == int(table.tfoot.find_all("td")[0].get_text())
    assert points[-1] == 0  # 工作创新
    assert "计入 8 人 < 100 人 → 0 分" in table.get_text()
    scale = soup.find("table", class_="scale-tiers")
    assert [row.find_all("td")[1].get_text() for row in scale.tbody.find_all("tr")] == [
        "4 万元", "5 万元", "6 万元", "7 万元",
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BUREAU, Role.AUDITOR])
def test_办公人员也能看(place: Station, role: str, client_for: Callable[[User], Client]):
    assert "仅供参考" in page(client_for(factories.user(role)), place).get_text()


def test_别家的站是404(place: Station, stranger_operator: User, client_for: Callable[[User], Client]):
    url = reverse("dashboard:station_score", args=[place.pk])
    assert client_for(stranger_operator).get(url).status_code == 404
    assert "评分测算：" not in client_for(stranger_operator).get(reverse("dashboard:home")).content.decode()


def test_一票否决先说_没有下一步(place: Station, operator_user: User, client_for: Callable[[User], Client]):
    rows_safety.accident(station=place, state=AccidentState.DECIDED, happened_on=today())
    text = page(client_for(operator_user), place).get_text()
    assert "一票否决，不合格" in text
    assert "发生负有责任的安全责任事故1起" in text
    assert "怎样再上一步" not in text


def test_没有人计入时说清楚(operator_user: User, client_for: Callable[[User], Client]):
    empty = filled.station(operator=operator_user.organisation)
    assert "还没有计入的输送人员" in page(client_for(operator_user), empty).get_text()


@pytest.mark.parametrize("state", [StationState.REVOKED, StationState.EXPIRED])
def test_不再运行的站没有测算(place: Station, operator_user: User, state: str, client_for: Callable[[User], Client]):
    Station.objects.filter(pk=place.pk).update(state=state)
    assert "没有进行中的年度" in page(client_for(operator_user), place).get_text()


def test_每一步都指向能办的页面(place: Station, operator_user: User, client_for: Callable[[User], Client]):
    client = client_for(operator_user)
    links = [one["href"] for one in page(client, place).select(".steps-up a, tbody th a")]
    assert links
    for url in sorted(set(links)):
        assert client.get(url).status_code == 200, url


def test_不用脚本和内联样式(place: Station, operator_user: User, client_for: Callable[[User], Client]):
    main = page(client_for(operator_user), place).find("main")
    assert not main.select("[style], script")


def test_查询次数不随站数和人数增长(place: Station):
    one = len(queries(lambda: meters([place], day=today())))
    more = [place, *(filled.whole() for _ in range(2))]
    assert len(queries(lambda: meters(more, day=today()))) == one
