"""What a party of the world has in its station's year: rows, papers, a frozen year, a person the other one has too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jinhua_labor.core.crypto import blind_index
from stations.roster.enums import CountStatus, Kept
from stations.roster.models import Delivery
from tests.data.people import id_number
from tests.meta import rows, rows_roster

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from stations.roster.models import Person
    from tests.meta.world import Party, World

ENTRY = dt.date(2023, 4, 1)


def _person() -> Person:
    text = id_number(sequence=rows.number() * 2 % 900 + 1)
    return rows.person(id_number=text, id_index=blind_index("person.id_number", f"{text}{rows.number()}"))


def year_row(party: Party, **fields: Any) -> Delivery:
    """A row of the first year of the party's station."""
    values = {
        "operator": party.organisation,
        "employer": party.things["employer"],
        "roster_list": party.things["station_list"],
        "station": party.things["station"],
        "entry_on": ENTRY,
        "name": f"{party.word}站工友{rows.number()}",
        "status": CountStatus.PENDING,
        "codes": ["E10"],
        "person": _person,
    }
    values = {name: value() if callable(value) and name not in fields else value for name, value in values.items()}
    return rows.delivery(**{**values, **fields})


def things(party: Party, clerk: User) -> dict[str, Any]:
    """The running list, a row with contract and certificate, its second year frozen."""
    station = party.things["station"]
    party.things["station_list"] = rows_roster.station_list(operator=party.organisation, station=station)
    row = year_row(party)
    late = dt.date(2024, 3, 1)
    year = rows_roster.frozen_year(
        station=station, period_no=2, starts_on=late, ends_on=dt.date(2025, 2, 28), as_of=dt.date(2025, 3, 1)
    )
    rows_roster.correction(delivery=row, frozen=year, by=clerk, changes=[["姓名", f"{party.word}旧名", row.name]])
    return {
        "year_row": row,
        "contract": rows_roster.contract(delivery=row, added_by=party.user, file=party.things["paper"]),
        "certificate": rows_roster.certificate(delivery=row, added_by=party.user, file=party.things["paper"]),
        "frozen_year": year,
    }


def claims(own: Party, other: Party) -> None:
    """Each party has a person of the other's as well, registered later."""
    for party, stranger in ((own, other), (other, own)):
        theirs = year_row(stranger, status=CountStatus.COUNTED, codes=[])
        party.things["claimed_row"] = year_row(party, person=theirs.person, codes=["E14"])


def more(district: World) -> None:
    """One more of everything a page of this room lists."""
    own, other, clerk = district.own, district.other, district.people["CENTRE"]
    row = year_row(own)
    rows_roster.contract(delivery=row, added_by=own.user)
    start = ENTRY + dt.timedelta(days=rows.number())
    end = start + dt.timedelta(days=365)
    rows_roster.contract(delivery=own.year_row, added_by=own.user, starts_on=start, ends_on=end)
    rows_roster.certificate(delivery=row, added_by=own.user)
    rows_roster.certificate(delivery=own.year_row, added_by=own.user)
    rows_roster.correction(delivery=row, frozen=own.frozen_year, by=clerk)
    theirs = year_row(other, status=CountStatus.COUNTED, codes=[])
    mine = year_row(own, person=theirs.person, codes=["E14"])
    rows_roster.claim_decision(
        person=theirs.person, holder=theirs, claimant=year_row(own, person=theirs.person, entry_on=mine.entry_on,
        employer=rows.employer()), kept=Kept.HOLDER, by=clerk,
    )  # fmt: skip
