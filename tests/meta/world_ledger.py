"""What a party of the world has in its station's file and ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.meta import rows_ledger

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from tests.meta.world import Party


def things(party: Party, clerk: User) -> dict[str, Any]:
    """One paper of the file, with its file."""
    station = party.things["station"]
    paper = rows_ledger.station_paper(station=station, title=f"{party.word}管理制度", added_by=party.user)
    rows_ledger.station_paper_file(paper=paper, attachment=party.things["photo"])
    return {"station_paper": paper}
