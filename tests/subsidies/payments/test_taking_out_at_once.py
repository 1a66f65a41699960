"""移出 beside what others do at the same moment, and a process killed on the way: nothing is done by half (F3)."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.services.deriving import derive_all
from subsidies.payments.enums import BatchState, PaymentState
from subsidies.payments.models import Batch, FormerPapers, Payment
from subsidies.payments.services import batches, removing, results
from tests.stations.roster.test_killed import together

from . import build
from .build import nothing_twice
from .test_at_once import killed, what_stands

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
M = "subsidies.payments.services.removing"
CALL = (
    "from subsidies.payments.services import removing\n"
    "removing.take_out(payment_id=uuid.UUID('{pk}'), reason='暂停拨付', by=by)"
)


@pytest.fixture
def by() -> User:
    derive_all(by=User.objects.system())
    return build.finance()


@pytest.fixture
def made(by: User) -> Batch:
    return build.batch([build.grant(), build.grant(amount=70000), build.grant(amount=40000)], by, issued=True)


def out(payment: Payment, by: User) -> Payment:
    return removing.take_out(payment_id=payment.pk, reason="暂停拨付", by=by)


def test_两人同时移出同一笔_移出一次(made: Batch, by: User) -> None:
    one, other = made.payments.get(seq=1), build.finance(name="测试财务乙")
    together(lambda: out(one, by), lambda: out(one, other))
    made.refresh_from_db()
    assert (made.lines, FormerPapers.objects.count()) == (2, 1)
    assert AuditEntry.objects.filter(action="payments.take_out").count() == 1
    nothing_twice()


def test_两人同时移出两笔_都移出_旧表留一版(made: Batch, by: User) -> None:
    first, second = made.payments.filter(seq__lte=2)
    together(lambda: out(first, by), lambda: out(second, build.finance(name="测试财务乙")))
    made.refresh_from_db()
    assert (made.lines, made.total, FormerPapers.objects.count()) == (1, made.payments.get(seq=3).amount, 1)
    nothing_twice()


def test_同时移出和登记同一笔_只成一样(made: Batch, by: User) -> None:
    one, other = made.payments.get(seq=1), build.finance(name="测试财务乙")
    together(
        lambda: out(one, by),
        lambda: results.pay(payment_id=one.pk, voucher_no="1", paid_on=today(), by=other),
    )
    one.refresh_from_db()
    stage = Grant.objects.get(pk=one.grant_id).stage
    assert (one.state, stage) in [(PaymentState.REMOVED, Stage.APPROVED), (PaymentState.PAID, Stage.PAID)]
    nothing_twice()


def test_同时移出和出表_表与批次一致(by: User) -> None:
    made = build.batch([build.grant(), build.grant(amount=70000)], by)
    one = made.payments.get(seq=1)
    found = together(lambda: out(one, by), lambda: batches.issue(batch_id=made.pk, by=build.finance(name="测试财务乙")))
    made.refresh_from_db()
    assert made.lines == 1
    if isinstance(found[1], Conflict) or FormerPapers.objects.exists():
        assert made.state == BatchState.PREPARED
    else:
        assert made.state == BatchState.ISSUED
    nothing_twice()


@pytest.mark.parametrize(
    ("module", "stop"),
    [
        pytest.param(M, "locked", id="锁定之后"),
        pytest.param(M, "_keep_papers", id="旧表留存之后"),
        pytest.param("subsidies.grants.services.paying", "put_back", id="补贴退回之后"),
        pytest.param(M, "record", id="留痕之后"),
    ],
)
def test_移出途中被杀_什么都没发生_重来成功(module: str, stop: str, made: Batch, by: User, tmp_path: Path) -> None:
    one, before = made.payments.get(seq=2), what_stands()
    killed(module, stop, CALL.format(pk=one.pk), by, tmp_path)
    assert what_stands() == before
    assert not FormerPapers.objects.exists()
    out(one, by)
    batches.issue(batch_id=made.pk, by=by)
    made.refresh_from_db()
    assert (made.state, made.lines) == (BatchState.ISSUED, 2)
    nothing_twice()
