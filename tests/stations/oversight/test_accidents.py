"""安全责任事故 through its services and pages: whose finding counts, the second person, the bureau's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from stations.oversight.enums import AccidentBasis, AccidentGrade, AccidentState
from stations.oversight.models import Accident
from stations.oversight.queries import safety as queries
from stations.oversight.services import accidents as services
from stations.registry.models import Station
from tests import factories
from tests.stations.oversight.build import days, key, running

pytestmark = pytest.mark.django_db


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user, established_on=days(-500))


def registered(station: Station, by: User, **fields: Any) -> Accident:
    values: dict[str, Any] = {
        "happened_on": days(-3),
        "place": "示例县国道",
        "employer": None,
        "during_delivery": True,
        "description": "接送车辆追尾",
        "deaths": 0,
        "serious_injuries": 1,
        "loss_yuan": 20_000,
    }
    event = services.Event(**{**values, **fields})
    return services.register(station_id=station.pk, event=event, by=by, key=key())


def find(row: Accident, by: User, basis: AccidentBasis = AccidentBasis.AUTHORITY, **fields: Any) -> Accident:
    values: dict[str, Any] = {
        "responsible": True,
        "grade": AccidentGrade.ORDINARY,
        "basis_note": "示例县道路交通事故认定书",
        "file": factories.png(),
    }
    return services.find(accident_id=row.pk, basis=basis, by=by, **{**values, **fields})


def counted(station: Station) -> int:
    ahead = queries.outlook(station, day=days(0))
    assert ahead is not None
    return ahead.now.fact.accidents


def test_登记本身不计_主管部门认定即计(station: Station, centre_clerk: User, operator_user: User) -> None:
    with pytest.raises(PermissionDenied):
        registered(station, operator_user)
    with pytest.raises(Refused):
        registered(station, centre_clerk, happened_on=days(1))
    row = registered(station, centre_clerk)
    assert counted(station) == 0
    assert find(row, centre_clerk).state == AccidentState.DECIDED
    assert counted(station) == 1
    ahead = queries.outlook(station, day=days(0))
    assert ahead is not None
    assert ahead.now.text == "本年度负有责任的安全责任事故 1 起，一票否决，本年度不合格。"
    with pytest.raises(Conflict):
        find(row, centre_clerk)


def test_中心认定须第二人(station: Station, centre_clerk: User, centre_second: User) -> None:
    row = registered(station, centre_clerk)
    assert find(row, centre_clerk, AccidentBasis.CENTRE).state == AccidentState.PROPOSED
    assert counted(station) == 0, "复核之前不计"
    assert list(queries.accidents_owed(centre_second)) == [row]
    assert list(queries.accidents_owed(centre_clerk)) == []
    with pytest.raises(Refused):
        services.approve(accident_id=row.pk, by=centre_clerk)
    services.send_back(accident_id=row.pk, note="请附现场笔录", by=centre_second)
    find(row, centre_clerk, AccidentBasis.CENTRE)
    services.approve(accident_id=row.pk, by=centre_second)
    assert counted(station) == 1


@pytest.mark.parametrize(
    ("event", "finding"),
    [
        pytest.param({"during_delivery": False}, {}, id="不在输送过程中"),
        pytest.param({}, {"responsible": False}, id="没有责任"),
        pytest.param({"happened_on": days(-400)}, {}, id="发生在上一年度"),
    ],
)
def test_不计的事故(station: Station, centre_clerk: User, event: dict[str, Any], finding: dict[str, Any]) -> None:
    find(registered(station, centre_clerk, **event), centre_clerk, **finding)
    assert counted(station) == 0


def test_局认定重大(station: Station, centre_clerk: User, bureau_official: User) -> None:
    row = registered(station, centre_clerk)
    major = {"accident_id": row.pk, "major": True, "note": "造成重伤"}
    with pytest.raises(Conflict):
        services.find_major(by=bureau_official, **major)
    find(row, centre_clerk)
    with pytest.raises(PermissionDenied):
        services.find_major(by=centre_clerk, **major)
    assert list(queries.accidents_owed(bureau_official)) == [row]
    assert services.find_major(by=bureau_official, **major).bureau_major_finding
    with pytest.raises(Conflict):
        services.find_major(by=bureau_official, **major)


def test_网页上登记认定复核(
    station: Station,
    operator_user: User,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
    client_for: Callable[..., Client],
) -> None:
    first, second, unit = client_for(centre_clerk), client_for(centre_second), client_for(operator_user)
    data = {
        "key": str(key()),
        "happened_on": days(-3).isoformat(),
        "place": "示例县国道",
        "during_delivery": "on",
        "description": "接送车辆追尾",
        "deaths": "0",
        "serious_injuries": "1",
        "loss_yuan": "20000",
    }
    new = f"/oversight/stations/{station.pk}/accidents/new/"
    assert first.post(new, {**data, "place": ""}).status_code == 422
    response = first.post(new, data)
    assert response.status_code == 302, response.content.decode()[:2000]
    url = response["Location"]
    finding = {"responsible": "yes", "grade": "ORDINARY", "basis": "CENTRE", "basis_note": "现场调查"}
    assert first.post(f"{url}find/", finding).status_code == 422
    assert first.post(f"{url}find/", {**finding, "file": factories.png()}).status_code == 302
    assert "现场调查" not in unit.get(url).content.decode(), "复核之前站点看不到拟认定"
    assert first.post(f"{url}approve/").status_code == 422
    assert second.post(f"{url}send-back/", {"note": ""}).status_code == 422
    assert second.post(f"{url}approve/").status_code == 302
    assert "一票否决，本年度不合格" in unit.get(url).content.decode()
    official = client_for(bureau_official)
    assert official.post(f"{url}major/", {"major": "yes", "note": "造成重伤"}).status_code == 302
    assert "属于重大安全责任事故" in unit.get(url).content.decode()
    assert "示例县国道" in official.get("/oversight/accidents/?state=DECIDED").content.decode()
