"""劳务对接活动 through its services and pages: evidence, confirmation, equal entries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from jinhua_labor.accounts.models import User
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.policy.periods import Period
from stations.oversight.enums import ActivityMode, ActivityPaperSlot, ActivityRole, ActivityState
from stations.oversight.models import Activity
from stations.oversight.queries import activities as queries
from stations.oversight.services import activities as services
from stations.registry.models import Station
from tests import factories
from tests.stations.oversight.build import days, entry, key, running

pytestmark = pytest.mark.django_db
YEAR = Period(1, days(-100), days(100))


@pytest.fixture
def station(operator_user: User) -> Station:
    return running(operator_user)


def entered(station: Station, by: User, **fields: Any) -> Activity:
    return services.enter(station_id=station.pk, entry=entry(**fields), by=by, key=key())


def confirmed(station: Station, by: User, clerk: User, **fields: Any) -> Activity:
    return services.confirm(activity_id=entered(station, by, **fields).pk, answer="", by=clerk)


def test_同一活动登记两次只计一场(station: Station, operator_user: User, centre_clerk: User) -> None:
    first = confirmed(station, operator_user, centre_clerk)
    second = confirmed(station, operator_user, centre_clerk, name="示例县 “春季”招聘会")
    assert queries.same_event(second, centre_clerk) == [first]
    assert queries.events_of(station, YEAR) == 1
    confirmed(station, operator_user, centre_clerk, name="示例县秋季招聘会")
    assert queries.events_of(station, YEAR) == 2


def test_其他站点的活动不计(station: Station, operator_user: User, centre_clerk: User, stranger_operator: User) -> None:
    other = running(stranger_operator)
    joint = confirmed(other, stranger_operator, centre_clerk, joint=[station])
    assert (queries.events_of(station, YEAR), queries.events_of(other, YEAR)) == (0, 1)
    own = confirmed(station, operator_user, centre_clerk, role=ActivityRole.JOINT, first=other)
    assert queries.events_of(station, YEAR) == 1, "各自登记并提供佐证的各计一场"
    assert [one.station for one in own.organisers.all()] == [other, station]
    assert queries.same_event(own, operator_user) == [], "外方的登记看不到"
    assert queries.same_event(own, centre_clerk) == [joint]


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        pytest.param({"role": ActivityRole.ASSIST}, 0, id="只是协办"),
        pytest.param({"role": ActivityRole.UNDERTAKE}, 1, id="承办"),
        pytest.param({"held_on": days(-101)}, 0, id="不在本年度"),
    ],
)
def test_计不计(
    fields: dict[str, Any], counted: int, station: Station, operator_user: User, centre_clerk: User
) -> None:
    confirmed(station, operator_user, centre_clerk, **fields)
    assert queries.events_of(station, YEAR) == counted


@pytest.mark.parametrize(
    ("mode", "papers", "fine"),
    [
        pytest.param(ActivityMode.ONSITE, [ActivityPaperSlot.PHOTO], False, id="现场缺签到表"),
        pytest.param(ActivityMode.ONSITE, [ActivityPaperSlot.SIGN_IN], False, id="现场缺照片"),
        pytest.param(ActivityMode.ONLINE, [], False, id="线上没有佐证"),
        pytest.param(ActivityMode.ONLINE, [ActivityPaperSlot.OTHER], True, id="线上有截图"),
    ],
)
def test_佐证(
    mode: str, papers: list[str], fine: bool, station: Station, operator_user: User, centre_clerk: User
) -> None:
    row = entered(station, operator_user, mode=mode, papers={slot: [factories.png()] for slot in papers})
    if fine:
        assert services.confirm(activity_id=row.pk, answer="", by=centre_clerk).state == ActivityState.CONFIRMED
    else:
        with pytest.raises(Refused, match="佐证不齐"):
            services.confirm(activity_id=row.pk, answer="", by=centre_clerk)


def test_退回修改再确认(station: Station, operator_user: User, centre_clerk: User, stranger_operator: User) -> None:
    row = confirmed(station, operator_user, centre_clerk)
    with pytest.raises(Conflict):
        services.amend(activity_id=row.pk, entry=entry(), by=operator_user)
    with pytest.raises(Conflict):
        services.withdraw(activity_id=row.pk, by=operator_user)
    services.send_back(activity_id=row.pk, answer="照片不清楚", by=centre_clerk)
    assert queries.events_of(station, YEAR) == 0
    with pytest.raises(PermissionDenied):
        services.amend(activity_id=row.pk, entry=entry(), by=stranger_operator)
    again = services.amend(activity_id=row.pk, entry=entry(intents_no=40), by=operator_user)
    assert (again.state, again.intents_no, again.papers.count()) == (ActivityState.SUBMITTED, 40, 4)
    services.remove_paper(activity_id=row.pk, paper_id=again.papers.earliest("added_at").pk, by=operator_user)
    assert again.papers.count() == 3


def test_尚未举办的不能登记(station: Station, operator_user: User) -> None:
    with pytest.raises(Refused):
        entered(station, operator_user, held_on=days(1))
    with pytest.raises(Refused, match="只能列一次"):
        entered(station, operator_user, first=station)


def test_网页上登记与确认(
    station: Station, operator_user: User, centre_clerk: User, client_for: Callable[..., Client]
) -> None:
    mine, office = client_for(operator_user), client_for(centre_clerk)
    new = f"/oversight/stations/{station.pk}/activities/new/"
    assert mine.get(new).status_code == 200
    data = {
        "key": str(key()),
        "name": "春季招聘会",
        "kind": "FAIR",
        "held_on": days(-1).isoformat(),
        "place": "示例县",
        "mode": "ONSITE",
        "role": "HOST",
        "employers_no": "12",
    }
    assert mine.post(new, {**data, "held_on": "不知道"}).status_code == 422
    response = mine.post(new, {**data, "paper_PHOTO": factories.png()})
    assert response.status_code == 302, response.content.decode()[:3000]
    url = response["Location"]
    assert office.post(f"{url}confirm/").status_code == 422
    assert office.post(f"{url}return/", {"answer": "缺签到表"}).status_code == 302
    assert "缺签到表" in mine.get(f"{url}amend/").content.decode()
    assert mine.post(f"{url}amend/", {**data, "paper_SIGN_IN": factories.png()}).status_code == 302
    assert office.post(f"{url}confirm/", {"answer": "属实"}).status_code == 302
    text = mine.get(f"/oversight/stations/{station.pk}/activities/").content.decode()
    assert "已确认 1 场" in text
