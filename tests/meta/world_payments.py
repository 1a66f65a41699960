"""What 拨付 adds to the world of the sweeps: for each party a batch before and behind its papers, with its payments, a
sheet that came back, and a grant that waits to be paid."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from jinhua_labor.accounts.models import User
from subsidies.payments.services import batches, results
from tests.meta import rows_payments as made
from tests.subsidies.payments import build

if TYPE_CHECKING:
    from tests.meta.world import Party


def equip(party: Party, finance: User) -> None:
    """A batch at each step, a payment, a sheet with a mismatch."""
    build.grant(unit=party.organisation)
    issued = build.batch([build.grant(unit=party.organisation)], finance, issued=True)
    wrong = build.filled(issued, [build.paid("", 拨付结果="已拨付")])
    party.things |= {
        "payment_batch": build.batch([build.grant(unit=party.organisation)], finance),
        "payment_issued": issued,
        "payment": issued.payments.get(),
        "result_sheet": results.bring_in(key=uuid.uuid4(), file=build.upload(wrong), by=finance),
    }


def grow(party: Party, finance: User) -> None:
    """One more of everything a list of this room may show."""
    build.grant(unit=party.organisation)
    kept = build.grant(unit=party.organisation)
    type(kept).objects.filter(pk=kept.pk).update(recheck_reason="退票：户名不符")
    made.result_sheet(brought_by=finance)
    made.result_row(sheet=party.result_sheet, row=1000 + made.number(), payment=None)
    batches.make(key=uuid.uuid4(), grant_ids=[build.grant(unit=party.organisation).pk], by=finance)
    made.budget_entry()
