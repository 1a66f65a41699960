"""Lists of applications: one's own for an operator, all for the offices; three queries whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from jinhua_labor.accounts.models import User
from jinhua_labor.core.creditcode import normalise
from jinhua_labor.review.states import State
from stations.applications.models import Application

PAGE_SIZE = 20

STATE_FILTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("open", "在办", (State.DRAFT, State.SUBMITTED, State.RETURNED, State.SCREENED)),
    ("SUBMITTED", "待初审", (State.SUBMITTED,)),
    ("RETURNED", "待补正", (State.RETURNED,)),
    ("SCREENED", "待审核", (State.SCREENED,)),
    ("APPROVED", "审核通过", (State.APPROVED,)),
    ("REJECTED", "不予通过", (State.REJECTED,)),
    ("ended", "撤回或逾期", (State.WITHDRAWN, State.LAPSED)),
    ("DRAFT", "草稿", (State.DRAFT,)),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address says: state group, province code of the area, words."""

    state: str = ""
    area: str = ""
    q: str = ""

    @property
    def any(self) -> bool:
        return bool(self.state or self.area or self.q)


@dataclass(frozen=True, slots=True)
class Listing:
    page: Page[Application]
    counts: dict[str, int]


def listing(user: User, filters: Filters, *, page: str | int | None = 1) -> Listing:
    """One page of what this person may see, newest first, and how many there are in each state group (of the rest of
    the filters). Three queries."""
    rows = _narrowed(Application.objects.visible_to(user), filters)
    per_state = dict(rows.order_by().values_list("review__state").annotate(n=Count("pk")))
    counts = {key: sum(per_state.get(state, 0) for state in states) for key, _, states in STATE_FILTERS}
    wanted = next((states for key, _, states in STATE_FILTERS if key == filters.state), None)
    if wanted:
        rows = rows.filter(review__state__in=wanted)
    rows = rows.select_related("review", "operator", "station").order_by("-review__submitted_at", "-created_at", "id")
    return Listing(Paginator(rows, PAGE_SIZE).get_page(page), counts)


def _narrowed(rows: QuerySet[Application], filters: Filters) -> QuerySet[Application]:
    if filters.area:
        rows = rows.filter(area_province=filters.area)
    if words := filters.q.strip():
        rows = rows.filter(
            Q(review__number__icontains=words)
            | Q(operator__name__icontains=words)
            | Q(operator__credit_code=normalise(words))
            | Q(partner_name__icontains=words)
            | Q(area_city__icontains=words)
            | Q(area_county__icontains=words)
        )
    return rows
