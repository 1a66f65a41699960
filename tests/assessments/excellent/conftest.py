"""A round of 2023 and what stands in it; all tests of this room are on 2023-11-01 unless they travel on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from assessments.excellent.models import Round, Title
from jinhua_labor.accounts.models import User
from stations.registry.models import Station
from tests.stations.oversight.build import running

from .build import approved, final_year, opened, recognised, seen

DAY = dt.datetime(2023, 11, 1, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(DAY, tick=False):
        yield


@pytest.fixture
def station(operator_user: User, centre_clerk: User) -> Station:
    """Established 2021-06-01, two good years, both ledgers looked at on site."""
    place = running(operator_user, established_on=dt.date(2021, 6, 1), term_to=dt.date(2028, 5, 31))
    for number in (1, 2):
        seen(final_year(place, number), centre_clerk)
    return place


@pytest.fixture
def round_(bureau_official: User) -> Round:
    return opened(bureau_official)


@pytest.fixture
def title(round_: Round, station: Station, operator_user: User, centre_clerk: User, bureau_official: User) -> Title:
    approved(round_, station, operator_user, centre_clerk, bureau_official)
    [row] = recognised(round_, centre_clerk, bureau_official)
    return row
