"""The sheet that comes back: whole or nothing, once; paid with voucher, day and equal amount; bounced (R-46)."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import Workbook, load_workbook

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from subsidies.grants.enums import Stage
from subsidies.payments.enums import BatchState, PaymentState, Problem, SheetState
from subsidies.payments.models import Batch, Payment, ResultSheet
from subsidies.payments.services import results
from tests import factories

from . import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return build.finance()


@pytest.fixture
def made(by: User) -> Batch:
    """Two grants of two units, their papers out."""
    return build.batch([build.grant(), build.grant(amount=70000)], by, issued=True)


def bring(data: bytes, by: User, **fields: Any) -> ResultSheet:
    return results.bring_in(key=fields.get("key") or uuid.uuid4(), file=build.upload(data), by=by)


def stages(made: Batch) -> list[str]:
    return [one.grant.stage for one in made.payments.select_related("grant").order_by("seq")]


def test_全部对得上_逐笔登记_批次办结(made: Batch, by: User) -> None:
    sheet = bring(build.filled(made, [build.paid("2026-01"), build.paid("2026-02")]), by)
    made.refresh_from_db()
    assert (sheet.state, sheet.matched, sheet.mismatched) == (SheetState.APPLIED, 2, 0)
    assert (made.state, made.closed_on) == (BatchState.CLOSED, today())
    assert stages(made) == [Stage.PAID] * 2
    first = made.payments.get(seq=1)
    assert (first.voucher_no, first.paid_on, first.paid_amount, first.paid_by) == ("2026-01", today(), first.amount, by)
    assert first.grant.paid == first.amount
    assert Message.objects.filter(user__organisation=first.grant.payee, subject__contains="已拨付").count() == (
        User.objects.filter(organisation=first.grant.payee).count()
    )


def test_有一行对不上_整份不登记_逐行说明(made: Batch, by: User) -> None:
    wrong = build.paid("2026-02", **{"拨付金额（元）": 69999})
    sheet = bring(build.filled(made, [build.paid("2026-01"), wrong]), by)
    made.refresh_from_db()
    assert (sheet.state, sheet.matched, sheet.mismatched) == (SheetState.REFUSED, 0, 1)
    assert stages(made) == [Stage.BATCHED] * 2
    assert made.state == BatchState.ISSUED
    fault = sheet.rows.get(problem=Problem.AMOUNT)
    assert "69,999" in fault.words
    assert "应拨" in fault.words
    assert AuditEntry.objects.filter(action="payments.result_refused").count() == 1
    assert not AuditEntry.objects.filter(action="payments.pay").exists()


def test_改好之后再导入就登记(made: Batch, by: User) -> None:
    bring(build.filled(made, [build.paid(""), build.paid("2026-02", 拨付结果="已拨付")]), by)
    assert stages(made) == [Stage.BATCHED] * 2
    bring(build.filled(made, [build.paid("2026-01"), build.paid("2026-02")]), by)
    assert stages(made) == [Stage.PAID] * 2


def test_同一份表再导一次什么都不变(made: Batch, by: User) -> None:
    data = build.filled(made, [build.paid("2026-01"), build.bounced()])
    first = bring(data, by)
    before = list(Payment.objects.order_by("pk").values()), AuditEntry.objects.count(), Message.objects.count()
    assert bring(data, build.finance()) == first
    assert (
        list(Payment.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
        Message.objects.count(),
    ) == before
    assert ResultSheet.objects.count() == 1


def test_另存之后的同样内容_早已登记_不重复(made: Batch, by: User) -> None:
    bring(build.filled(made, [build.paid("2026-01"), build.bounced()]), by)
    again = bring(resaved(build.filled(made, [build.paid("2026-01"), build.bounced()])), by)
    assert (again.state, again.matched, again.repeated) == (SheetState.APPLIED, 0, 2)
    assert AuditEntry.objects.filter(action="payments.pay").count() == 1


def resaved(data: bytes) -> bytes:
    book = load_workbook(io.BytesIO(data))
    book.active.cell(60, 1, " ")
    return build.saved(book)


def test_与已登记的不一致_不改(made: Batch, by: User) -> None:
    bring(build.filled(made, [build.paid("2026-01"), build.paid("2026-02")]), by)
    sheet = bring(build.filled(made, [build.paid("2026-09"), build.paid("2026-02")]), by)
    assert sheet.state == SheetState.REFUSED
    assert [row.problem for row in sheet.rows.exclude(problem="")] == [Problem.CONTRADICTS]
    assert made.payments.get(seq=1).voucher_no == "2026-01"


def test_只有一部分有结果_其余仍待拨付(made: Batch, by: User) -> None:
    sheet = bring(build.filled(made, [build.paid("2026-01"), {}]), by)
    made.refresh_from_db()
    assert (sheet.state, sheet.matched, sheet.missing) == (SheetState.APPLIED, 1, 1)
    assert (made.state, stages(made)) == (BatchState.ISSUED, [Stage.PAID, Stage.BATCHED])


def test_银行自己的表_列名不同_批次号写在表头上方(made: Batch, by: User) -> None:
    lines = list(made.payments.order_by("seq"))
    book = Workbook()
    page = book.active
    page.append([f"财政直接支付结果　批次：{made.number}"])
    page.append(["收款人全称", "金额", "支付状态", "凭证编号", "支付日期"])
    for one in lines:
        page.append([one.payee, f"{one.amount:,.2f}", "支付成功", "2026-77", today()])
    page.append(["合计", float(made.total)])
    assert bring(build.saved(book), by).matched == 2
    assert stages(made) == [Stage.PAID] * 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param(b"%PDF-1.4", "PDF", id="不是表格"),
        pytest.param(b"", "空", id="空文件"),
    ],
)
def test_读不了的文件(data: bytes, words: str, by: User) -> None:
    with pytest.raises(Refused, match=words):
        bring(data, by)
    assert not ResultSheet.objects.exists()


def test_没有表头或没有结果的表不收(made: Batch, by: User) -> None:
    book = Workbook()
    book.active.append(["随便", "写写"])
    with pytest.raises(Refused, match="表头"):
        bring(build.saved(book), by)
    with pytest.raises(Refused, match="没有拨付结果"):
        bring(build.filled(made, [{}, {}]), by)
    assert not ResultSheet.objects.exists()


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BUREAU, Role.AUDITOR])
def test_只有财务导入(role: Role, made: Batch) -> None:
    with pytest.raises(PermissionDenied):
        bring(build.sheet_bytes(made), factories.user(role))


# --- 退票 ----------------------------------------------------------------------------------------------


def test_退票_补贴回到待拨付_账户须重新核对(made: Batch, by: User) -> None:
    bring(build.filled(made, [build.bounced("账号户名不符"), build.paid("2026-02")]), by)
    back = made.payments.select_related("grant").get(seq=1)
    assert (back.state, back.bounce_reason, back.paid_on) == (PaymentState.BOUNCED, "账号户名不符", None)
    assert back.grant.stage == Stage.APPROVED
    assert "账号户名不符" in back.grant.recheck_reason
    made.refresh_from_db()
    assert made.state == BatchState.CLOSED
    with pytest.raises(Refused) as refusal:
        build.batch([back.grant], by)
    assert "核对收款账户" in refusal.value.problems[0][0]


def test_核对账户之后重新成批_拨付一次(made: Batch, by: User) -> None:
    bring(build.filled(made, [build.bounced(), build.paid("2026-02")]), by)
    grant = made.payments.select_related("grant").get(seq=1).grant
    grant.recheck_reason = ""
    grant.save(update_fields=["recheck_reason"])
    again = build.batch([grant], by, issued=True)
    bring(build.filled(again, [build.paid("2026-03")]), by)
    grant.refresh_from_db()
    assert (grant.stage, grant.outstanding, grant.due) == (Stage.PAID, grant.payable, Decimal(0))
    assert sorted(grant.payments.values_list("state", flat=True)) == [PaymentState.BOUNCED, PaymentState.PAID]


def test_登记拨付之后才退票_两次都留着(made: Batch, by: User) -> None:
    bring(build.filled(made, [build.paid("2026-01"), build.paid("2026-02")]), by)
    one = made.payments.get(seq=1)
    back = results.bounce(payment_id=one.pk, on=today(), reason="账户已销户", by=by)
    assert (back.state, back.voucher_no, back.bounced_on) == (PaymentState.BOUNCED, "2026-01", today())
    grant = back.grant
    grant.refresh_from_db()
    assert (grant.stage, grant.paid, grant.returned, grant.due) == (
        Stage.APPROVED,
        one.amount,
        one.amount,
        one.amount,
    )
    assert results.bounce(payment_id=one.pk, on=today(), reason="账户已销户", by=by).pk == one.pk
    assert AuditEntry.objects.filter(action="payments.bounce").count() == 1


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_逐笔登记_再登记一次不变_改口不许(made: Batch, by: User) -> None:
    one = made.payments.get(seq=1)
    fields = {"payment_id": one.pk, "voucher_no": "2026-01", "paid_on": today(), "by": by}
    results.pay(**fields)
    results.pay(**fields)
    assert AuditEntry.objects.filter(action="payments.pay").count() == 1
    with pytest.raises(Conflict):
        results.pay(**{**fields, "voucher_no": "2026-02"})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        pytest.param({"voucher_no": " "}, "凭证号", id="没有凭证号"),
        pytest.param({"paid_on": dt.date(2100, 1, 1)}, "晚于今天", id="以后的日期"),
        pytest.param({"paid_on": dt.date(2020, 1, 1)}, "早于拨付表", id="拨付表之前"),
    ],
)
def test_逐笔登记拒绝(fields: dict[str, Any], words: str, made: Batch, by: User) -> None:
    one = made.payments.get(seq=1)
    with pytest.raises(Refused, match=words):
        results.pay(**{"payment_id": one.pk, "voucher_no": "1", "paid_on": today(), "by": by, **fields})
    one.refresh_from_db()
    assert one.state == PaymentState.PENDING


def test_没出拨付表不能登记(by: User) -> None:
    one = build.batch([build.grant()], by).payments.get()
    with pytest.raises(Conflict):
        results.pay(payment_id=one.pk, voucher_no="1", paid_on=today(), by=by)


def test_退票日期不早于拨付(made: Batch, by: User) -> None:
    one = made.payments.get(seq=1)
    results.pay(payment_id=one.pk, voucher_no="1", paid_on=today(), by=by)
    with pytest.raises(Refused, match="早于"):
        results.bounce(payment_id=one.pk, on=today() - dt.timedelta(1), reason="户名不符", by=by)
