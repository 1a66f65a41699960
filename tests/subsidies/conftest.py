"""The people of the offices, and a day on which everything of 2021 and 2022 is final."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from jinhua_labor.accounts.models import User
from stations.registry.models import Station
from tests.subsidies import build


@pytest.fixture
def travelled() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(build.DAY, tick=False) as now:
        yield now


@pytest.fixture
def desk(
    travelled: time_machine.Coordinates,
    operator_user: User,
    centre_clerk: User,
    centre_second: User,
    bureau_official: User,
    bureau_second: User,
    finance: User,
) -> build.Desk:
    return build.Desk(operator_user, centre_clerk, centre_second, bureau_official, bureau_second, finance)


@pytest.fixture
def station(desk: build.Desk) -> Station:
    """Established on 2021-06-01, of a unit whose account is in force."""
    desk.account()
    return build.station(desk.unit)
