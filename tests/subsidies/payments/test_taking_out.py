"""One grant taken out of its batch before it is paid; money of a grant that something came to hold (R-33, R-46)."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.reading import read_bytes
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.mailbox.models import Message
from stations.oversight.enums import Ground
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.grants.services.deriving import derive_all
from subsidies.payments.enums import BatchState, PaymentState, Problem, SheetState
from subsidies.payments.models import Batch, FormerPapers, Payment
from subsidies.payments.services import batches, removing, results
from tests import factories
from tests.documents.paper import text
from tests.meta import rows_oversight
from tests.subsidies import build as people

from . import build
from .test_pages import client_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return build.finance()


@pytest.fixture
def made(by: User) -> Batch:
    """Three grants, their papers out."""
    return build.batch([build.grant(), build.grant(amount=70000), build.grant(amount=40000)], by, issued=True)


def nth(made: Batch, seq: int) -> Payment:
    return made.payments.select_related("grant__station").get(seq=seq)


def out(payment: Payment, by: User, reason: str = "暂停拨付") -> Payment:
    return removing.take_out(payment_id=payment.pk, reason=reason, by=by)


def hold(payment: Payment, *, days_ago: int = 0, grounds: tuple[str, ...] = (Ground.G4,)) -> None:
    """A procedure against its station, begun that many days ago."""
    day = today() - dt.timedelta(days_ago)
    rows_oversight.revocation(station=payment.grant.station, grounds=list(grounds), proposed_on=day)


# --- 移出 ---------------------------------------------------------------------------------------------------


def test_移出一笔_其余不变_合计随之减少(made: Batch, by: User) -> None:
    gone, before = nth(made, 2), made.total
    found = out(gone, by)
    made.refresh_from_db()
    assert (found.state, found.removed_on, found.removed_by, found.remove_reason) == (
        PaymentState.REMOVED,
        today(),
        by,
        "暂停拨付",
    )
    assert (made.lines, made.total) == (2, before - gone.amount)
    assert [one.seq for one in made.payments.in_batch()] == [1, 3]
    assert Grant.objects.get(pk=gone.grant_id).stage == Stage.APPROVED
    assert [nth(made, seq).grant.stage for seq in (1, 3)] == [Stage.BATCHED] * 2
    build.nothing_twice()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_两份表重新生成_原来的留存_都打得开(made: Batch, by: User) -> None:
    first = (made.payment_sheet_id, made.approval_sheet_id)
    gone = out(nth(made, 2), by)
    made.refresh_from_db()
    assert (made.state, made.payment_sheet_id, made.issued_on) == (BatchState.PREPARED, None, None)
    made = batches.issue(batch_id=made.pk, by=by)
    former = made.former.get()
    assert (former.payment_sheet_id, former.approval_sheet_id) == first
    assert (former.edition, former.lines, former.total) == (1, 3, made.total + gone.amount)
    assert made.approval_sheet is not None
    new, old = text(read_bytes(made.approval_sheet)), text(read_bytes(former.approval_sheet))
    assert "第2版" in new
    assert f"第2笔（{gone.payee}，{gone.item}，{gone.amount:,.2f}元）" in new
    assert "合计（2笔）" in new
    assert "合计（3笔）" in old
    assert "第2版" not in old
    assert "第2版" in made.approval_sheet.name


def test_移出两次_版次连续(made: Batch, by: User) -> None:
    for seq in (1, 2):
        out(nth(made, seq), by)
        batches.issue(batch_id=made.pk, by=by)
    made.refresh_from_db()
    assert list(made.former.values_list("edition", "lines")) == [(1, 3), (2, 2)]
    assert (made.lines, made.state) == (1, BatchState.ISSUED)


def test_没出表的批次移出_没有要留存的表(by: User) -> None:
    made = build.batch([build.grant(), build.grant()], by)
    out(nth(made, 1), by)
    assert not FormerPapers.objects.exists()
    made.refresh_from_db()
    assert (made.state, made.lines) == (BatchState.PREPARED, 1)


def test_移出之后可以列入另一批_只拨一次(made: Batch, by: User) -> None:
    gone = out(nth(made, 1), by)
    again = build.batch([gone.grant], by, issued=True)
    results.pay(payment_id=again.payments.get().pk, voucher_no="2026-09", paid_on=today(), by=by)
    gone.grant.refresh_from_db()
    assert (gone.grant.stage, gone.grant.outstanding) == (Stage.PAID, gone.amount)
    build.nothing_twice()


def test_再移出一次什么都不变(made: Batch, by: User) -> None:
    out(nth(made, 1), by)
    assert out(nth(made, 1), by, "另一个理由").remove_reason == "暂停拨付"
    assert AuditEntry.objects.filter(action="payments.take_out").count() == 1
    assert FormerPapers.objects.count() == 1


def test_留痕写明理由和金额(made: Batch, by: User) -> None:
    gone = out(nth(made, 1), by)
    entry = AuditEntry.objects.get(action="payments.take_out")
    assert (entry.purpose, entry.detail["number"], entry.detail["amount"]) == (
        "暂停拨付",
        made.number,
        str(gone.amount),
    )


def test_拒绝移出(made: Batch, by: User) -> None:
    with pytest.raises(Refused, match="理由"):
        out(nth(made, 1), by, "  ")
    results.pay(payment_id=nth(made, 1).pk, voucher_no="1", paid_on=today(), by=by)
    with pytest.raises(Conflict, match="已拨付"):
        out(nth(made, 1), by)
    only = build.batch([build.grant()], by)
    with pytest.raises(Refused, match="撤销整个批次"):
        out(nth(only, 1), by)
    for role in (Role.CENTRE, Role.BUREAU, Role.AUDITOR, Role.OPERATOR):
        with pytest.raises(PermissionDenied):
            out(nth(made, 2), factories.user(role))


def test_其余都有结果之后移出_重新出表就办结(made: Batch, by: User) -> None:
    for seq in (1, 3):
        results.pay(payment_id=nth(made, seq).pk, voucher_no=str(seq), paid_on=today(), by=by)
    hold(nth(made, 2))
    out(nth(made, 2), by)
    assert batches.issue(batch_id=made.pk, by=by).state == BatchState.CLOSED


def test_出表时刚好移出了一笔_不出旧的表(made: Batch, by: User, monkeypatch: pytest.MonkeyPatch) -> None:
    out(nth(made, 1), by)
    printed = batches.approval_sheet_pdf

    def while_printing(sheet: object) -> bytes:
        out(nth(made, 2), by)
        return printed(sheet)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "approval_sheet_pdf", while_printing)
    with pytest.raises(Conflict, match="刚刚有补贴移出"):
        batches.issue(batch_id=made.pk, by=by)


def test_旧表带回的结果_移出的一笔不登记(made: Batch, by: User) -> None:
    filled = build.filled(made, [build.paid("2026-01"), build.paid("2026-02"), build.paid("2026-03")])
    out(nth(made, 2), by)
    batches.issue(batch_id=made.pk, by=by)
    sheet = results.bring_in(key=uuid.uuid4(), file=build.upload(filled), by=by)
    assert sheet.state == SheetState.REFUSED
    assert "已经移出批次" in sheet.rows.get(problem=Problem.CONTRADICTS).words
    assert not Payment.objects.filter(state=PaymentState.PAID).exists()


def test_照第一版付的款_第二版之后也能登记(by: User) -> None:
    with time_machine.travel("2026-05-11 10:00+08:00", tick=False) as clock:
        made = build.batch([build.grant(), build.grant()], by, issued=True)
        paid_on = today()
        clock.move_to("2026-05-13 10:00+08:00")
        out(nth(made, 2), by)
        batches.issue(batch_id=made.pk, by=by)
        results.pay(payment_id=nth(made, 1).pk, voucher_no="1", paid_on=paid_on, by=by)
    assert nth(made, 1).paid_on == paid_on


def test_页面移出_两份表随即重新生成(made: Batch, by: User) -> None:
    client, gone = client_of(by), nth(made, 2)
    address = reverse("payments:take_out", args=[gone.pk])
    assert "移出这一笔" in words(client.get(gone.get_absolute_url()))
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "单位来函暂缓"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.lines) == (BatchState.ISSUED, 2)
    page = words(client.get(made.get_absolute_url()))
    assert "单位来函暂缓" in page
    assert "已被替代的审批表和拨付表" in page
    old, new = (client.get(reverse("payments:approval", args=[made.pk]), {"edition": n}).content for n in (1, 2))
    assert "合计（3笔）" in text(old)
    assert "合计（2笔）" in text(new)
    sheets = [
        client.post(reverse("payments:sheet", args=[made.pk]), {"purpose": "核对两版", "edition": n}).content
        for n in (1, 2)
    ]
    assert sheets[0] != sheets[1]
    assert AuditEntry.objects.filter(action="payments.sheet", detail__edition=1).count() == 1


# --- 列入批次之后暂停 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days_ago", [0, 3], ids=["当天开始", "三天前开始"])
def test_暂停之后付的不能登记_逐笔和整表都不登记(days_ago: int, made: Batch, by: User) -> None:
    held = nth(made, 2)
    hold(held, days_ago=days_ago)
    with pytest.raises(Refused, match=r"暂停办理.*移出批次"):
        results.pay(payment_id=held.pk, voucher_no="1", paid_on=today(), by=by)
    filled = build.filled(made, [build.paid("2026-01"), build.paid("2026-02"), build.paid("2026-03")])
    sheet = results.bring_in(key=uuid.uuid4(), file=build.upload(filled), by=by)
    assert (sheet.state, sheet.mismatched) == (SheetState.REFUSED, 1)
    assert "取消资格程序" in sheet.rows.get(problem=Problem.HELD).words
    assert set(made.payments.values_list("state", flat=True)) == {PaymentState.PENDING}


def test_暂停之后仍付了出去的_写明情况才登记_局和中心都知道(
    made: Batch, by: User, bureau_official: User, centre_clerk: User
) -> None:
    held = nth(made, 2)
    hold(held)
    with pytest.raises(Refused, match="写明情况后登记"):
        results.pay(payment_id=held.pk, voucher_no="1", paid_on=today(), held_reason=" ", by=by)
    results.pay(payment_id=held.pk, voucher_no="1", paid_on=today(), held_reason="银行当日已划出", by=by)
    row = nth(made, 2)
    assert (row.state, row.held_reason, row.grant.outstanding) == (PaymentState.PAID, "银行当日已划出", held.amount)
    for person in (bureau_official, centre_clerk):
        assert Message.objects.filter(user=person, subject=f"暂停期间已付出：{held.grant}").count() == 1


def test_没有暂停的_不留暂停期间付出的情况(made: Batch, by: User) -> None:
    results.pay(payment_id=nth(made, 1).pk, voucher_no="1", paid_on=today(), held_reason="多写的", by=by)
    assert nth(made, 1).held_reason == ""


def test_暂停的一笔_登记拨付时问怎样付出的(made: Batch, by: User) -> None:
    held, free = nth(made, 2), nth(made, 1)
    hold(held)
    label = "暂停期间付出的情况"
    client = client_of(by)
    assert label in words(client.get(held.get_absolute_url()))
    assert label not in words(client.get(free.get_absolute_url()))
    typed = {"voucher_no": "1", "paid_on": today().isoformat(), "held_reason": "已划出"}
    assert client.post(reverse("payments:pay", args=[held.pk]), typed).status_code == 302
    assert "已划出" in words(client.get(held.get_absolute_url()))


def test_暂停之前已经付的照登(by: User) -> None:
    with time_machine.travel("2026-05-11 10:00+08:00", tick=False) as clock:
        made = build.batch([build.grant(), build.grant()], by, issued=True)
        clock.move_to("2026-05-13 10:00+08:00")
        held = nth(made, 1)
        hold(held)
        results.pay(payment_id=held.pk, voucher_no="1", paid_on=today() - dt.timedelta(1), by=by)
        assert nth(made, 1).grant.stage == Stage.PAID


def test_单位自己申请取消资格_不暂停(made: Batch, by: User) -> None:
    hold(nth(made, 1), grounds=(Ground.G1,))
    results.pay(payment_id=nth(made, 1).pk, voucher_no="1", paid_on=today(), by=by)
    assert nth(made, 1).state == PaymentState.PAID


def test_暂停的一笔退票照登(made: Batch, by: User) -> None:
    hold(nth(made, 1))
    results.bounce(payment_id=nth(made, 1).pk, on=today(), reason="户名不符", by=by)
    assert nth(made, 1).grant.stage == Stage.APPROVED


def test_评估结果正在更正的不能登记_移出之后推导取消或重新核定(by: User) -> None:
    made = build.batch([build.grant(amount=70000), build.grant()], by, issued=True)
    held = made.payments.select_related("grant__assessment").get(amount=Decimal(70000))
    people.reopened(held.grant.assessment)
    with pytest.raises(Refused, match="正在更正"):
        results.pay(payment_id=held.pk, voucher_no="1", paid_on=today(), by=by)
    people.corrected(held.grant.assessment, 65)
    derive_all(by=User.objects.system())
    assert Grant.objects.get(pk=held.grant_id).stage == Stage.BATCHED
    with pytest.raises(Refused, match="金额有变"):
        results.pay(payment_id=held.pk, voucher_no="1", paid_on=today(), by=by)
    out(held, by)
    derive_all(by=User.objects.system())
    grant = Grant.objects.get(pk=held.grant_id)
    assert (grant.stage, grant.payable, grant.rounds) == (Stage.DRAFT, Decimal(40000), 2)
    build.nothing_twice()


def test_暂停的一笔移出之后其余出表_它不能再成批(by: User) -> None:
    made = build.batch([build.grant(), build.grant()], by)
    held = nth(made, 1)
    hold(held)
    with pytest.raises(Refused, match="请移出这些补贴"):
        batches.issue(batch_id=made.pk, by=by)
    out(held, by)
    assert batches.issue(batch_id=made.pk, by=by).state == BatchState.ISSUED
    with pytest.raises(Refused, match="不能列入批次"):
        build.batch([held.grant], by)


def test_批次页和首页提示暂停的一笔(made: Batch, by: User) -> None:
    hold(nth(made, 2))
    page = words(client_of(by).get(made.get_absolute_url()))
    assert "有 1 笔现在不能拨付" in page
    assert "工作站正在取消资格程序中" in page
    assert f"移出批次：{nth(made, 2).grant}" in words(client_of(by).get(reverse("dashboard:home")))
