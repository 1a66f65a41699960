"""What waits in subsidies beside the inbox of the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.money import yuan
from jinhua_labor.dashboard.queries.supervision import SHOWN, Row
from subsidies.grants.queries import listing
from subsidies.payees.queries import accounts
from subsidies.payees.views.accounts import shown


def subsidies(user: User, *, day: dt.date) -> Iterator[Row]:
    """Lines for the unit (its account, what it has to return), the centre (accounts, 公示稿), the bureau and finance
    (steps of 审批, 追回)."""
    if user.role == Role.CENTRE:
        for change in accounts.waiting(user)[:SHOWN]:
            pill, word = shown(change), "复核" if change.checked_at else "核对"
            tail = f"尾号{change.account.tail}"
            yield Row(f"{word}：{change}", change.get_absolute_url(), tail, pill["state"], pill["label"])
    for grant, words in listing.waiting(user, day=day)[:SHOWN]:
        pill = listing.pill(grant, user)
        sub = yuan(grant.due) if user.role == Role.OPERATOR else grant.payee.name
        yield Row(f"{words}：{grant}", grant.get_absolute_url(), sub, pill["state"], pill["label"])
    for case, words in listing.open_recoveries(user):
        pill, title = listing.recovery_pill(case), f"{words}：{case.grant}"
        yield Row(title, case.get_absolute_url(), yuan(case.amount), pill["state"], pill["label"], case.due_on)
