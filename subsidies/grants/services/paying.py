"""What the payments room may do to a grant, and nothing else: into a batch, out of it, paid, bounced (R-46).

Everything here works on grants locked by `lock()` in the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from decimal import Decimal

from django.utils import timezone

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.errors import Refused
from jinhua_labor.core.money import yuan
from jinhua_labor.mailbox.services import send
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.queries.facts import owed
from subsidies.grants.queries.standing import standing, standings
from subsidies.grants.rules import HELD_WORDS, NOTHING, Standing

from .common import expect, lock_many, require


def lock(grant_ids: Collection[uuid.UUID]) -> list[Grant]:
    """The grants, locked in one order after their stations; every payment begins here."""
    return lock_many(grant_ids)


def problems(grants: Collection[Grant]) -> dict[uuid.UUID, str]:
    """Why each of these may not go into a batch or out to the bank now; "" where it may. Queries do not grow."""
    worlds = owed({grant.station_id for grant in grants}) if grants else {}
    found = {}
    for grant in grants:
        kept = standing(grant, worlds[grant.station_id]).problems
        if grant.stage not in {Stage.APPROVED, Stage.BATCHED}:
            found[grant.pk] = f"现在{grant.get_stage_display()}"
        elif kept:
            found[grant.pk] = "；".join(kept)
        elif grant.recheck_reason:
            found[grant.pk] = f"须重新核对收款账户：{grant.recheck_reason}"
        elif grant.due <= NOTHING:
            found[grant.pk] = "没有应拨的金额"
        else:
            found[grant.pk] = ""
    return found


def problem(grant: Grant) -> str:
    """The same for one grant."""
    return problems([grant])[grant.pk]


def kept(grants: Collection[Grant]) -> dict[uuid.UUID, Standing]:
    """What keeps each of these now, for `mark_paid`. Queries do not grow."""
    return standings(grants)


def take_into_batch(grant: Grant, *, by: User) -> None:
    """`APPROVED → BATCHED`: whoever handed in, screened and approved is copied, so that the payer is somebody else.

    Raises Refused with what keeps it.
    """
    require(by, Role.FINANCE)
    expect(grant, Stage.APPROVED)
    if kept := problem(grant):
        raise Refused(f"{grant}不能列入批次：{kept}。")
    review = grant.review
    grant.submitted_by_id, grant.screened_by_id = review.submitted_by_id, review.screened_by_id
    grant.approved_by_id, grant.batched_at = review.approved_by_id, timezone.now()
    _refuse_second_hat(grant, by)
    grant.stage = Stage.BATCHED
    grant.save()
    record(by=by, action="grant.batched", obj=grant, detail={"due": str(grant.due)})


def put_back(grant: Grant, *, by: User, recheck: str = "") -> None:
    """`BATCHED → APPROVED`: taken out of the batch, or bounced; after a bounce `recheck` says why the account is to be
    looked at again before the grant goes into another batch."""
    require(by, Role.FINANCE)
    expect(grant, Stage.BATCHED)
    grant.stage = Stage.APPROVED
    _forget_persons(grant)
    _ask_recheck(grant, recheck)
    grant.save()
    record(by=by, action="grant.put_back", obj=grant, purpose=recheck)


def mark_paid(
    grant: Grant, *, amount: Decimal, on: dt.date, standing: Standing, by: User, held_reason: str = ""
) -> None:
    """`BATCHED → PAID`. `amount` is exactly what is due; `by` neither handed in, screened nor approved.

    Raises Refused where a hold (`standing`, asked under the lock) had begun on the day the money left, unless
    `held_reason` says how it left all the same: what is out must be on record, or nobody could ask it back.
    """
    require(by, Role.FINANCE)
    expect(grant, Stage.BATCHED)
    kept = standing.problems_on(on)
    if kept and not held_reason:
        raise Refused(f"{grant}不能登记拨付：{'；'.join(kept)}。{HELD_WORDS}")
    if amount != grant.due:
        raise Refused(f"{grant}应拨{yuan(grant.due)}，与登记的{yuan(amount)}不符。")
    _refuse_second_hat(grant, by)
    grant.paid += amount
    grant.stage, grant.paid_by, grant.paid_on = Stage.PAID, by, on
    grant.save()
    detail = {"amount": str(amount), "on": on.isoformat()} | ({"held": "；".join(kept)} if kept else {})
    record(by=by, action="grant.paid", obj=grant, detail=detail, purpose=held_reason if kept else "")
    if kept:
        _tell_paid_while_held(grant, kept, held_reason)
    send(
        to_organisation=grant.payee,
        subject=f"{grant}已拨付{yuan(amount)}",
        body="到账之后请在补贴页面确认；没有收到的请告知区就业服务中心。",
        link=grant.get_absolute_url(),
    )


def _tell_paid_while_held(grant: Grant, kept: Sequence[str], reason: str) -> None:
    """Those who hold it decide what becomes of the money: whether it is asked back, and by which decision."""
    body = f"{'；'.join(kept)}。财务登记的情况：{reason}"
    for role in (Role.BUREAU, Role.CENTRE):
        send(to_role=role, subject=f"暂停期间已付出：{grant}", body=body, link=grant.get_absolute_url())


def bounced_later(grant: Grant, *, amount: Decimal, by: User, reason: str) -> None:
    """退票 after it was recorded as paid: `PAID → APPROVED`, the money is back, the account is looked at again."""
    require(by, Role.FINANCE)
    expect(grant, Stage.PAID)
    if not NOTHING < amount <= grant.outstanding:
        raise Refused(f"退回金额{yuan(amount)}与已拨金额不符。")
    grant.returned += amount
    grant.stage = Stage.APPROVED
    _forget_persons(grant)
    _ask_recheck(grant, reason.strip() or "银行退票")
    grant.save()
    record(by=by, action="grant.bounced", obj=grant, purpose=reason, detail={"amount": str(amount)})


def _refuse_second_hat(grant: Grant, by: User) -> None:
    """Says in words what the database says too: a clerk who moved to finance does not pay what he decided before."""
    if by.pk in {grant.submitted_by_id, grant.screened_by_id, grant.approved_by_id}:
        raise Refused(f"{grant}您已在前一环节办理过，拨付须由另一位财务人员办理。")


def _forget_persons(grant: Grant) -> None:
    grant.submitted_by = grant.screened_by = grant.approved_by = grant.batched_at = None
    grant.paid_by = grant.paid_on = grant.received_by = grant.received_on = None


def _ask_recheck(grant: Grant, why: str) -> None:
    grant.recheck_reason = why.strip()[:200]
    if grant.recheck_reason:
        send(
            to_organisation=grant.payee,
            subject=f"款项被退回，请核对收款账户：{grant}",
            body=grant.recheck_reason,
            link=grant.get_absolute_url(),
        )
        send(to_role=Role.CENTRE, subject=f"退票，须核对收款账户：{grant}", link=grant.get_absolute_url())
