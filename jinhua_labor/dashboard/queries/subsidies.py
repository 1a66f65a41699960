"""What waits in subsidies beside the inbox of the review."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.money import yuan
from jinhua_labor.dashboard.queries.supervision import SHOWN, Row
from subsidies.grants.queries import listing
from subsidies.grants.services import paying
from subsidies.payees.queries import accounts
from subsidies.payees.views.accounts import shown
from subsidies.payments.enums import OPEN_BATCH, BatchState
from subsidies.payments.queries import listing as payments


def subsidies(user: User, *, day: dt.date) -> Iterator[Row]:
    """Lines for the unit (its account, what it has to return), the centre (accounts, 公示稿), the bureau and finance
    (steps of 审批, batches, 追回)."""
    if user.role == Role.CENTRE:
        for change in accounts.waiting(user)[:SHOWN]:
            pill, word = shown(change), "复核" if change.checked_at else "核对"
            tail = f"尾号{change.account.tail}"
            yield Row(f"{word}：{change}", change.get_absolute_url(), tail, pill["state"], pill["label"])
    for grant, words in listing.waiting(user, day=day)[:SHOWN]:
        pill = listing.pill(grant, user)
        sub = yuan(grant.due) if user.role == Role.OPERATOR else grant.payee.name
        yield Row(f"{words}：{grant}", grant.get_absolute_url(), sub, pill["state"], pill["label"])
    if user.role == Role.FINANCE:
        yield from _batches(user)
    for case, words in listing.open_recoveries(user):
        pill, title = listing.recovery_pill(case), f"{words}：{case.grant}"
        yield Row(title, case.get_absolute_url(), yuan(case.amount), pill["state"], pill["label"], case.due_on)


def _batches(user: User) -> Iterator[Row]:
    """Grants that may go into a batch now, in one line; batches without papers, and those that wait for results."""
    approved = list(payments.approved(user))
    if free := (ready := payments.ready(approved, paying.problems(approved))).free:
        sub, url = f"合计 {yuan(ready.total)}", f"{reverse('payments:list')}#ready"
        yield Row(f"{len(free)} 笔补贴可以列入批次", url, sub, "PENDING", "待成批")
    waiting = list(payments.pending(user))
    kept = paying.problems([one.grant for one in waiting])
    for one in [one for one in waiting if kept[one.grant_id]][:SHOWN]:
        yield Row(f"移出批次：{one.grant}", one.get_absolute_url(), kept[one.grant_id], "RETURNED", "暂停")
    for batch in payments.batches(user).filter(state__in=OPEN_BATCH)[:SHOWN]:
        total = f"{batch.lines} 笔，合计 {yuan(batch.total)}"
        if batch.state == BatchState.PREPARED:
            yield Row(f"生成审批表和拨付表：{batch.number}", batch.get_absolute_url(), total, "PENDING", "待出表")
        else:
            title = f"登记拨付结果：{batch.number}，还有 {batch.waiting} 笔"
            yield Row(title, batch.get_absolute_url(), total, batch.look, batch.get_state_display())
