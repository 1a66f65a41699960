"""What 委托协会检查 adds to the world of the sweeps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.enums import Audience
from jinhua_labor.core.clock import today
from tests.meta import rows
from tests.meta import rows_assignments as made

if TYPE_CHECKING:
    from tests.meta.world import Party, World


def _last() -> dt.date:
    return today() + dt.timedelta(days=30)


def equip(party: Party, people: dict[str, User]) -> None:
    """An open check of this party's station with a file and an opinion, and one that is over."""
    association, station = people[Role.ASSOCIATION], party.station
    fields = {"station": station, "organisation": association.organisation, "assigned_by": people[Role.CENTRE]}
    row = made.assignment(**fields, ends_on=_last(), purpose=f"查看{party.word}的档案")
    made.opinion(assignment=row, written_by=association, last_day=row.ends_on)
    file = rows.attachment(organisation=party.organisation, audience=Audience.PARTY_AND_OFFICE)
    rows.share(attachment=file, organisation=association.organisation, matter=row.pk, until=row.ends_on)
    party.things |= {"assignment": row, "ended_assignment": made.ended_assignment(**fields)}


def grow(district: World) -> None:
    """One more of everything a list of this room may show."""
    association, clerk, party = district.people[Role.ASSOCIATION], district.people[Role.CENTRE], district.own
    other = rows.station(operator=party.organisation, name=f"{party.word}第{rows.number()}站")
    for station in (party.station, other):
        fields = {"station": station, "organisation": association.organisation, "assigned_by": clerk}
        for row in (
            made.assignment(**fields, ends_on=_last()),
            made.ended_assignment(**fields, ended_by=clerk),
            party.assignment,
        ):
            count = row.opinions.count()
            made.opinion(assignment=row, number=count + 1, written_by=association, last_day=row.ends_on)
        made.assignment(**fields, ends_on=_last())
    file = rows.attachment(organisation=party.organisation, uploaded_by=party.user)
    rows.share(attachment=file, organisation=association.organisation, matter=party.assignment.pk, until=_last())
