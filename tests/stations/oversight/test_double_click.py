"""The same form sent twice at the same moment is one matter: the second click waits for what the first makes."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from stations.oversight.enums import ChangeKind, VisitKind
from stations.oversight.models import Accident, Activity, Assignment, ChangeReport, Complaint, Visit
from stations.oversight.services import accidents, activities, assignments, changes, complaints, visits
from stations.registry.models import Station
from tests import factories
from tests.stations.oversight import build

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(call: Callable[[], Any]) -> list[Any]:
    """What two connections got that called at the same moment; an exception is told as it is."""
    outcomes: list[Any] = []
    barrier = threading.Barrier(2, timeout=10)

    def click() -> None:
        try:
            barrier.wait()
            outcomes.append(call())
        except Exception as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def _report(station: Station, operator: User, _clerk: User, key: uuid.UUID) -> Any:
    return changes.report(station_id=station.pk, kind=ChangeKind.LIAISON, content=build.content(), by=operator, key=key)


def _assign(station: Station, _operator: User, clerk: User, key: uuid.UUID) -> Any:
    task = assignments.Task(organisation=assignments.associations().get(), purpose="查看台账", ends_on=build.days(5))
    return assignments.assign(station_id=station.pk, task=task, by=clerk, key=key)


def _visit(station: Station, _operator: User, clerk: User, key: uuid.UUID) -> Any:
    return visits.record_adhoc(station_id=station.pk, kind=VisitKind.ROUTINE, seen=build.seen(clerk), by=clerk, key=key)


def _enter(station: Station, operator: User, _clerk: User, key: uuid.UUID) -> Any:
    return activities.enter(station_id=station.pk, entry=build.entry(), by=operator, key=key)


def _accident(station: Station, _operator: User, clerk: User, key: uuid.UUID) -> Any:
    event = accidents.Event(
        happened_on=build.days(-1), place="测试路", employer=None, during_delivery=True, description="测试经过",
        deaths=0, serious_injuries=0, loss_yuan=0,
    )  # fmt: skip
    return accidents.register(station_id=station.pk, event=event, by=clerk, key=key)


def _complain(station: Station, _operator: User, _clerk: User, key: uuid.UUID) -> Any:
    heard = complaints.Heard("WORKER", "", "", "收取了介绍费。", "", "", station)
    return complaints.complain(heard=heard, key=key).complaint


@pytest.mark.parametrize(
    ("model", "send"),
    [
        pytest.param(ChangeReport, _report, id="变更报备"),
        pytest.param(Assignment, _assign, id="委托检查"),
        pytest.param(Visit, _visit, id="走访"),
        pytest.param(Activity, _enter, id="活动"),
        pytest.param(Accident, _accident, id="事故"),
        pytest.param(Complaint, _complain, id="投诉"),
    ],
)
def test_双击只办一次(model: Any, send: Callable[..., Any]) -> None:
    operator, clerk = factories.user(Role.OPERATOR, is_org_admin=True), factories.user(Role.CENTRE)
    factories.user(Role.ASSOCIATION)
    station, key = build.running(operator), build.key()
    outcomes = at_once(lambda: send(station, operator, clerk, key))
    assert [type(outcome) for outcome in outcomes] == [model, model], outcomes
    assert outcomes[0] == outcomes[1]
    assert model.objects.count() == 1
