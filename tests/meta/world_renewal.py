"""What 续期 adds to the world of the sweeps: one renewal at each step somebody takes, each of a station of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinhua_labor.review.states import State
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.registry.models import Station
from tests.meta import rows, rows_ledger
from tests.meta import rows_renewal as made

if TYPE_CHECKING:
    from tests.meta.world import Party


def equip(party: Party) -> None:
    party.things |= {
        "renewal": _renewal(party),
        "renewal_returned": _renewal(party, state=RenewalState.RETURNED, answer=f"{party.word}请补正"),
        "renewal_screened": _renewal(party, review_state=State.SCREENED),
        "renewal_approved": _renewal(party, state=RenewalState.APPROVED),
    }
    _renewal(party, station=party.station, state=RenewalState.WITHDRAWN)


def grow(party: Party) -> None:
    """One more of everything a list of this room may show."""
    for state in (RenewalState.SUBMITTED, RenewalState.APPROVED):
        _renewal(party, state=state)
    _renewal(party, station=party.station, state=RenewalState.WITHDRAWN)
    for row in (party.renewal, party.renewal_screened, party.renewal_approved):
        _file(party, row)


def _renewal(party: Party, station: Station | None = None, **fields: Any) -> Renewal:
    if station is None:
        name = f"{party.word}第{rows.number()}续期站"
        station = rows.station(operator=party.organisation, name=name, document=party.station.document)
    row = made.renewal(station=station, created_by=party.user, unchanged=False, changes=f"{party.word}的变化", **fields)
    _file(party, row)
    return row


def _file(party: Party, row: Renewal) -> None:
    rows_ledger.station_paper_file(paper=row.agreement, attachment=rows.attachment(organisation=party.organisation))
