"""What a party of the world has in its station's file and ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.meta import rows_ledger

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from tests.meta.world import Party


def things(party: Party, clerk: User) -> dict[str, Any]:
    """One paper of the file, and of the ledger an entry, two job demands (one public) and a printed book."""
    station = party.things["station"]
    paper = rows_ledger.station_paper(station=station, title=f"{party.word}管理制度", added_by=party.user)
    rows_ledger.station_paper_file(paper=paper, attachment=party.things["photo"])
    employer = party.things["employer"]
    entry = rows_ledger.ledger_entry(
        station=station,
        employer=employer,
        title=f"{party.word}企业情况",
        file=party.things["photo"],
        added_by=party.user,
    )
    demand = rows_ledger.job_demand(
        station=station, employer=employer, post=f"{party.word}岗位", findings=["性别：限男"], added_by=party.user
    )
    rows_ledger.ledger_book(
        station=station, file=party.things["paper"], purpose=f"{party.word}归档", made_by=party.user
    )
    return {"station_paper": paper, "ledger_entry": entry, "job_demand": demand}
