"""What waits in the yearly assessment beside the inbox of the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from assessments.excellent.queries import to_hand_in
from assessments.sheets.queries import listing
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.dashboard.queries.supervision import SHOWN, Row


def assessments(user: User, *, day: dt.date) -> Iterator[Row]:
    """Lines for the unit (自评, a draft to look at) and the centre (to score, answers of a station, a 复核)."""
    if user.role not in (Role.OPERATOR, Role.CENTRE):
        return
    for row in listing.waiting(user, day=day)[:SHOWN]:
        title, due = listing.next_step(row, user)
        pill = listing.shown(row, user)
        sub = row.station.name if user.role == Role.CENTRE else f"第{row.period_no}年度"
        yield Row(f"{title}：{row.station.name}", listing.page_of(row), sub, pill["state"], pill["label"], due)
    if user.role == Role.CENTRE:
        for one in to_hand_in(user)[:SHOWN]:
            name = one.title.station.name
            yield Row(
                f"优秀站点复核：{name}", one.get_absolute_url(), f"第{one.number}次", "draft", "待办理", one.due_on
            )
