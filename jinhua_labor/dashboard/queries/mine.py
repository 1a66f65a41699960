"""An operator's own applications as its home shows them."""

from __future__ import annotations

from dataclasses import dataclass

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.review.states import State
from jinhua_labor.rulebook import policy_on
from stations.applications.models import Application
from stations.applications.queries.facts import policy_day
from stations.applications.queries.targets import area_text
from stations.applications.queries.timeline import Next, next_step, steps
from stations.roster.queries import RosterSummary, summary

ENDED = (State.WITHDRAWN, State.LAPSED)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Mine:
    """One application: where it stands, what comes next, the meter of its list."""

    application: Application
    area: str
    label: str
    steps: list[tuple[str, str, str]]
    next: Next
    roster: RosterSummary
    needed: int

    @property
    def open_roster(self) -> bool:
        """Whether the meter still matters: until the decision."""
        return self.application.review.state not in (State.APPROVED, State.REJECTED)


def my_applications(user: User) -> list[Mine]:
    """The newest ones that were not taken back; one query."""
    rows = (
        Application.objects.visible_to(user)
        .exclude(review__state__in=ENDED)
        .select_related("review", "operator", "roster_list", "station", "batch__document")
        .order_by("-created_at", "id")[:SHOWN]
    )
    day = today()
    return [
        Mine(
            application=row,
            area=area_text(row),
            label=row.review.label_for(user),
            steps=steps(row),
            next=next_step(row, user, day=day),
            roster=summary(row.roster_list),
            needed=policy_on(policy_day(row, day)).policy.min_delivered,
        )
        for row in rows
    ]
