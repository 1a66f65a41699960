"""Two at once, and a process killed between any two steps: nothing is paid twice, nothing is lost (F3)."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.errors import Conflict
from jinhua_labor.mailbox.models import Message
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.services.deriving import derive_all
from subsidies.payments.enums import BatchState, PaymentState
from subsidies.payments.models import Batch, Payment, ResultRow, ResultSheet
from subsidies.payments.services import batches, results
from tests.killing import kill_behind
from tests.stations.roster.test_killed import together

from . import build
from .build import nothing_twice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def by() -> User:
    """The policy is read before anybody waits for a lock."""
    derive_all(by=User.objects.system())
    return build.finance()


def make(grants: list[Grant], by: User, key: uuid.UUID | None = None) -> Batch:
    return batches.make(key=key or uuid.uuid4(), grant_ids=[one.pk for one in grants], by=by)


def test_两人同时把同样的补贴成批_只成一批(by: User) -> None:
    grants, other = [build.grant(), build.grant(amount=70000)], build.finance(name="测试财务乙")
    found = together(lambda: make(grants, by), lambda: make(grants, other))
    made = [one for one in found if isinstance(one, Batch)]
    assert len(made) == 1
    assert [type(one) for one in found if one not in made] == [Conflict]
    assert (Batch.objects.count(), Payment.objects.count()) == (1, 2)
    nothing_twice()


def test_两人同时成批_有一笔相同_一批成一批不成(by: User) -> None:
    shared, mine, yours = build.grant(), build.grant(), build.grant()
    other = build.finance(name="测试财务乙")
    found = together(lambda: make([shared, mine], by), lambda: make([yours, shared], other))
    assert sorted(isinstance(one, Batch) for one in found) == [False, True]
    assert Payment.objects.filter(grant=shared).count() == 1
    nothing_twice()


def test_两人同时成批不同的补贴_号不重也不跳(by: User) -> None:
    first, second, other = build.grant(), build.grant(), build.finance(name="测试财务乙")
    found = together(lambda: make([first], by), lambda: make([second], other))
    assert sorted(one.serial for one in found) == [1, 2]


def test_双击成批_只有一批(by: User) -> None:
    grant, key = build.grant(), uuid.uuid4()
    found = together(*[lambda: make([grant], by, key)] * 2)
    assert [one.pk for one in found] == [key] * 2
    assert Payment.objects.count() == 1


def test_双击生成两份表_各一份(by: User) -> None:
    made = make([build.grant()], by)
    before = Attachment.objects.count()
    found = together(*[lambda: batches.issue(batch_id=made.pk, by=by)] * 2)
    assert found[0].payment_sheet_id == found[1].payment_sheet_id
    assert Attachment.objects.count() == before + 2


def test_同一份结果表同时导入两次_登记一次(by: User) -> None:
    made = build.batch([build.grant(), build.grant(amount=70000)], by, issued=True)
    data, other = build.filled(made, [build.paid("2026-01"), build.bounced()]), build.finance(name="测试财务乙")
    found = together(
        *[lambda who=who: results.bring_in(key=uuid.uuid4(), file=build.upload(data), by=who) for who in (by, other)]
    )
    assert found[0] == found[1]
    assert (ResultSheet.objects.count(), AuditEntry.objects.filter(action="payments.pay").count()) == (1, 1)
    nothing_twice()


def test_两份不同的表同时登记同一批_后一份早已登记(by: User) -> None:
    made = build.batch([build.grant()], by, issued=True)
    data = build.filled(made, [build.paid("2026-01")])
    others = build.filled(made, [build.paid("2026-02")])
    found = together(
        *[lambda one=one: results.bring_in(key=uuid.uuid4(), file=build.upload(one), by=by) for one in (data, others)]
    )
    assert sorted(one.matched for one in found) == [0, 1]
    assert sorted(one.state for one in found) == ["APPLIED", "REFUSED"]
    nothing_twice()


def test_同时登记结果和撤销批次_只成一样(by: User) -> None:
    made = build.batch([build.grant()], by, issued=True)
    data = build.filled(made, [build.paid("2026-01")])
    together(
        lambda: results.bring_in(key=uuid.uuid4(), file=build.upload(data), by=by),
        lambda: batches.cancel(batch_id=made.pk, reason="账户有误", by=by),
    )
    made.refresh_from_db()
    states = set(made.payments.values_list("state", flat=True))
    assert (made.state, states) in [
        (BatchState.CLOSED, {PaymentState.PAID}),
        (BatchState.CANCELLED, {PaymentState.CANCELLED}),
    ]
    nothing_twice()


# --- kill -9 ----------------------------------------------------------------------------------------------------------

BEFORE = """
from jinhua_labor.accounts.models import User
from subsidies.payments.services import batches, results
from tests.subsidies.payments import build
by = User.objects.get(pk="{by}")
"""
MAKE = "batches.make(key=uuid.UUID('{key}'), grant_ids={ids}, by=by)"
ISSUE = "batches.issue(batch_id=uuid.UUID('{batch}'), by=by)"
BRING = "results.bring_in(key=uuid.UUID('{key}'), file=build.upload(open('{path}', 'rb').read()), by=by)"
B = "subsidies.payments.services.batches"
R = "subsidies.payments.services.results"


def killed(module: str, stop: str, call: str, by: User, tmp_path: Path) -> None:
    """Runs the step in a process of its own until it comes behind `stop`, and kills it there with SIGKILL."""
    kill_behind(module, stop, call, tmp_path, before=BEFORE.format(by=by.pk))


def what_stands() -> dict[str, Any]:
    """Everything a step leaves behind."""
    tables = (Batch, Payment, ResultSheet, ResultRow, Attachment, Message)
    return {
        **{model.__name__: list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in tables},
        "batches": list(Batch.objects.order_by("pk").values("state", "payment_sheet", "issued_on")),
        "payments": list(Payment.objects.order_by("pk").values("state", "voucher_no")),
        "grants": list(Grant.objects.order_by("pk").values("stage", "paid", "returned", "recheck_reason")),
        "journal": AuditEntry.objects.count(),
    }


@pytest.mark.parametrize(
    ("module", "stop"),
    [
        pytest.param("subsidies.grants.services.paying", "lock", id="锁定之后"),
        pytest.param(B, "_next_number", id="给号之后"),
        pytest.param("subsidies.grants.services.paying", "take_into_batch", id="列入一笔之后"),
        pytest.param(B, "_freeze", id="各笔冻结之后"),
        pytest.param(B, "record", id="留痕之后"),
    ],
)
def test_成批途中被杀_什么都没发生_重发成功且号不跳(module: str, stop: str, by: User, tmp_path: Path) -> None:
    grants, key, before = [build.grant(), build.grant(amount=70000)], uuid.uuid4(), None
    ids = [str(one.pk) for one in grants]
    before = what_stands()
    killed(module, stop, MAKE.format(key=key, ids=ids), by, tmp_path)
    assert what_stands() == before
    made = make(grants, by, key)
    assert (made.serial, made.lines) == (1, 2)
    assert make(grants, by, key) == made
    nothing_twice()


@pytest.mark.parametrize(
    ("module", "stop"),
    [
        pytest.param(B, "payment_sheet", id="拨付表算出之后"),
        pytest.param(B, "approval_sheet_pdf", id="审批表算出之后"),
        pytest.param("jinhua_labor.attachments.storage", "write", id="文件写入之后"),
        pytest.param("jinhua_labor.attachments.services", "store_generated", id="文件登记之后"),
        pytest.param(B, "record", id="留痕之后"),
    ],
)
def test_出表途中被杀_没有半份_重发得到完整的两份(module: str, stop: str, by: User, tmp_path: Path) -> None:
    made = make([build.grant(), build.grant(amount=70000)], by)
    before = what_stands()
    killed(module, stop, ISSUE.format(batch=made.pk), by, tmp_path)
    assert what_stands() == before
    batches.issue(batch_id=made.pk, by=by)
    made.refresh_from_db()
    assert (made.serial, made.state) == (1, BatchState.ISSUED)
    assert build.sheet_bytes(made).startswith(b"PK")  # read back only where its digest is right
    nothing_twice()


@pytest.mark.parametrize(
    ("module", "stop"),
    [
        pytest.param(R, "_read", id="读表之后"),
        pytest.param(R, "_locked_batches", id="锁定之后"),
        pytest.param(R, "_keep", id="存下结果表之后"),
        pytest.param(R, "_settle", id="登记一笔之后"),
        pytest.param("subsidies.grants.services.paying", "mark_paid", id="补贴记为已拨付之后"),
        pytest.param(R, "close_if_settled", id="批次办结之后"),
    ],
)
def test_导入结果途中被杀_一笔没登记_重发全部登记(module: str, stop: str, by: User, tmp_path: Path) -> None:
    made = build.batch([build.grant(), build.grant(amount=70000)], by, issued=True)
    path, key = tmp_path / "result.xlsx", uuid.uuid4()
    path.write_bytes(build.filled(made, [build.paid("2026-01"), build.paid("2026-02")]))
    before = what_stands()
    killed(module, stop, BRING.format(key=key, path=path), by, tmp_path)
    assert what_stands() == before
    sheet = results.bring_in(key=key, file=build.upload(path.read_bytes()), by=by)
    assert sheet.matched == 2
    assert results.bring_in(key=key, file=build.upload(path.read_bytes()), by=by) == sheet
    assert set(Grant.objects.filter(payments__isnull=False).values_list("stage", flat=True)) == {Stage.PAID}
    nothing_twice()
