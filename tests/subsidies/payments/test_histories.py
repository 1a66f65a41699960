"""Whatever order people press the buttons in: nothing is paid twice, every batch is the sum of its payments."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Refused
from subsidies.grants.models import Grant
from subsidies.payments.models import Batch, Payment
from subsidies.payments.services import batches, removing, results

from . import build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
_place = st.integers(0, 3)
_acts = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.sets(_place, max_size=3)),
        st.tuples(st.sampled_from(["issue", "cancel", "pay", "bounce", "take_out", "recheck", "again"]), _place),
        st.tuples(st.just("bring"), st.lists(st.sampled_from(["paid", "bounced", ""]), min_size=3, max_size=3)),
    ),
    min_size=4,
    max_size=14,
)


class _Undo(Exception):  # noqa: N818  (takes an example back, is no fault)
    pass


def _nth(rows: Any, number: int) -> Any:
    listed = list(rows)
    return listed[number % len(listed)] if listed else None


def _act(name: str, what: Any, grants: list[Grant], by: Any) -> None:
    made: Batch | None = _nth(Batch.objects.order_by("serial"), what) if isinstance(what, int) else None
    line: Payment | None = (
        _nth(Payment.objects.order_by("batch__serial", "seq"), what) if isinstance(what, int) else None
    )
    acts: dict[str, Callable[[], object]] = {
        "make": lambda: batches.make(key=uuid.uuid4(), grant_ids=[grants[n % len(grants)].pk for n in what], by=by),
        "issue": lambda: made and batches.issue(batch_id=made.pk, by=by),
        "cancel": lambda: made and batches.cancel(batch_id=made.pk, reason="账户有误", by=by),
        "pay": lambda: line and results.pay(payment_id=line.pk, voucher_no="1", paid_on=today(), by=by),
        "bounce": lambda: line and results.bounce(payment_id=line.pk, on=today(), reason="户名不符", by=by),
        "take_out": lambda: line and removing.take_out(payment_id=line.pk, reason="暂停拨付", by=by),
        "recheck": lambda: Grant.objects.filter(pk=grants[what % len(grants)].pk).update(recheck_reason=""),
        "again": lambda: line and batches.make(key=line.batch_id, grant_ids=[line.grant_id], by=by),
        "bring": lambda: _bring(what, by),
    }
    with transaction.atomic():
        acts[name]()


def _bring(said: list[str], by: Any) -> None:
    made = Batch.objects.filter(issued_on__isnull=False).order_by("-serial").first()
    if made is not None:
        rows = [{"paid": build.paid("1"), "bounced": build.bounced("户名不符")}.get(one, {}) for one in said]
        data = build.filled(made, rows[: made.lines])
        results.bring_in(key=uuid.uuid4(), file=build.upload(data), by=by)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(_acts)
def test_任意次序办理_不重复拨付_合计相等(db: None, acts: list[tuple[str, Any]]) -> None:
    with contextlib.suppress(_Undo), transaction.atomic():
        by, grants = build.finance(), [build.grant(), build.grant(amount=70000), build.grant(amount=40000)]
        for name, what in acts:
            with contextlib.suppress(Refused):
                _act(name, what, grants, by)
            build.nothing_twice()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        raise _Undo
