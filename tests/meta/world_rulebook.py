"""What 政策版本 adds to the world of the sweeps: a record in each state; none has effect on the days of the sweeps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from jinhua_labor.accounts.enums import Role
from jinhua_labor.rulebook.enums import Kind
from tests.meta import rows_rulebook as made
from tests.meta.rows import number

if TYPE_CHECKING:
    from jinhua_labor.accounts.models import User
    from tests.meta.world import Party

FAR = dt.date(2090, 1, 1)


def equip(parties: tuple[Party, Party], people: dict[str, User]) -> None:
    """The same records stand with both parties: they are the bureau's."""
    official = people[Role.BUREAU]
    things: dict[str, Any] = {
        "version_draft": made.draft(drafted_by=official, kind=Kind.SUCCESSOR, effective_to=FAR, valid_from=FAR),
        "version_submitted": made.submitted(valid_from=FAR),
        "version_own": made.submitted(valid_from=FAR, drafted_by=official),
        "version_ahead": made.confirmed(valid_from=FAR, code="JD-2021-14-K1"),
    }
    made.draft(drafted_by=official, **{**made.EXTENDING, "extends_from": None})
    made.withdrawn(valid_from=FAR)
    for party in parties:
        party.things |= things


def grow(official: User) -> None:
    """One more of every record the lists may show; none comes into force."""
    made.draft(drafted_by=official, subject=f"口径{number()}")
    made.submitted(valid_from=FAR)
    made.withdrawn(valid_from=FAR)
