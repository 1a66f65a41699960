"""A station with a roster for tests: established on 2021-04-01, its first year complete long ago."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jinhua_labor.accounts.models import User
from jinhua_labor.core.idnumber import parse
from stations.registry.models import Station
from stations.roster.models import Delivery
from stations.roster.services import year_rows
from stations.roster.services.rows import RowFields
from tests.data.people import HUKOU, id_number
from tests.meta import rows as made
from tests.stations.roster.build import bring_in, employer, insured

ESTABLISHED = dt.date(2021, 4, 1)
ENTRY = dt.date(2021, 5, 10)


def station(user: User, **fields: Any) -> Station:
    return made.station(operator=user.organisation, established_on=ESTABLISHED, **fields)


def fields(number: int = 1, user: User | None = None, **more: Any) -> RowFields:
    """What a person types for a good row."""
    text = more.pop("id_number", None) or id_number("52", dt.date(1990, 1, 1), number)
    values: dict[str, Any] = {
        "name": f"测试甲{number}",
        "hukou_text": HUKOU.get("52", "贵州省示例州"),
        "entry_on": ENTRY,
        "employment_form": "DIRECT",
        "id_number": parse(text),
        **more,
    }
    if user is not None and "employer" not in values:
        values["employer"] = employer(user)
    return RowFields(**values)


def add(place: Station, user: User, number: int = 1, *, reason: str = "", **more: Any) -> Delivery:
    return year_rows.add(station=place, fields=fields(number, user, **more), consented=True, reason=reason, by=user)


def counted(place: Station, user: User, clerk: User, number: int = 1, **more: Any) -> Delivery:
    """A row that counts: two months insured from entry on."""
    row = add(place, user, number, **more)
    assert row.roster_list is not None
    month = row.entry_on.year * 100 + row.entry_on.month
    lines = [insured(row, month, paid_on=""), insured(row, month + 1, paid_on="")]
    bring_in(row.roster_list, clerk, lines, span=(month, month + 1))
    row.refresh_from_db()
    assert row.status == "COUNTED", row.codes
    return row
