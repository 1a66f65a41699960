"""What 投诉 and 安全责任事故 add to the world of the sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinhua_labor.accounts.models import User
from stations.oversight.enums import AccidentState, ComplaintState
from tests.meta import rows
from tests.meta import rows_safety as made

if TYPE_CHECKING:
    from tests.meta.world import Party


def equip(party: Party, clerk: User) -> None:
    """A complaint and an accident of this party's station in each state that has steps."""
    station, unit = party.station, party.organisation
    told = made.complaint(station=station, state=ComplaintState.TOLD, shown=f"{party.word}被反映的情况")
    file = rows.attachment(organisation=unit)
    party.things |= {
        "new_complaint": made.complaint(station=station),
        "complaint": told,
        "verified_complaint": made.complaint(station=station, state=ComplaintState.VERIFIED, told_by=clerk),
        "accident": made.accident(station=station, place=f"{party.word}的地点"),
        "proposed_accident": made.accident(station=station, state=AccidentState.PROPOSED, basis_file=file),
        "decided_accident": made.accident(station=station, state=AccidentState.DECIDED, basis_file=file),
    }


def grow(party: Party, clerk: User) -> None:
    """One more of everything a list of this room may show."""
    unit = party.organisation
    other = rows.station(operator=unit, name=f"{party.word}第{rows.number()}站", document=party.station.document)
    for station in (party.station, other):
        for state in ComplaintState.values:
            made.complaint(station=station, state=state, tell_by=rows.DAY, finish_by=rows.DAY)
        for state in AccidentState.values:
            made.accident(station=station, state=state, created_by=clerk)
