"""A batch freezes its grants under one number; its papers are made once; nobody is in two batches (R-46)."""

from __future__ import annotations

import io
import uuid
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.reading import read_bytes
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from jinhua_labor.core.money import capitals
from subsidies.grants.enums import Stage
from subsidies.payments.enums import BatchState, PaymentState
from subsidies.payments.models import Batch, Payment
from subsidies.payments.services import batches
from tests import factories
from tests.documents.paper import text
from tests.meta import rows_oversight

from . import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> User:
    return build.finance()


def test_成批_冻结金额和账户_合计等于各笔之和(by: User) -> None:
    grants = [build.grant(amount=10000), build.grant(amount=70000)]
    made = build.batch(grants, by)
    assert made.number == f"BF-330703-{today().year}-001"
    assert (made.lines, made.total) == (2, Decimal(80000))
    lines = list(made.payments.order_by("seq"))
    assert sum(one.amount for one in lines) == made.total
    for one in lines:
        grant = one.grant
        assert (grant.stage, one.amount, one.round) == (Stage.BATCHED, grant.payable, grant.rounds)
        assert (one.payee, one.account, one.account_tail) == (grant.payee_name, "6222000000001234567", "4567")
        assert (one.screened_by_id, one.approved_by_id) == (grant.review.screened_by_id, grant.review.approved_by_id)


def test_单位换了账户_批次用决定时的账户(by: User) -> None:
    grant = build.grant()
    build.account(grant.payee, "6222000000009999999")
    assert build.batch([grant], by).payments.get().account_tail == "4567"


def test_同一张表单再发一次是同一批(by: User) -> None:
    grant, key = build.grant(), uuid.uuid4()
    first = batches.make(key=key, grant_ids=[grant.pk], by=by)
    assert batches.make(key=key, grant_ids=[grant.pk], by=by) == first
    assert (Batch.objects.count(), Payment.objects.count()) == (1, 1)


def test_有一笔不能拨_一笔都不列入_逐笔说明(by: User) -> None:
    good, held, done = (
        build.grant(),
        build.grant(),
        build.grant(stage=Stage.REVIEWED, approved_on=None, fiscal_year=None),
    )
    rows_oversight.revocation(station=held.station)
    with pytest.raises(Refused) as refusal:
        build.batch([good, held, done], by)
    words = "".join(text for text, _ in refusal.value.problems)
    assert str(held) in words
    assert str(done) in words
    assert str(good) not in words
    good.refresh_from_db()
    assert (good.stage, Batch.objects.count()) == (Stage.APPROVED, 0)


def test_已在另一批的不能再列入(by: User) -> None:
    grant = build.grant()
    build.batch([grant], by)
    with pytest.raises(Refused):
        build.batch([grant], by)
    assert Payment.objects.count() == 1


def test_什么都没勾选(by: User) -> None:
    with pytest.raises(Refused, match="勾选"):
        build.batch([], by)


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BUREAU, Role.AUDITOR, Role.OPERATOR])
def test_只有财务成批(role: Role) -> None:
    grant = build.grant()
    with pytest.raises(PermissionDenied):
        batches.make(key=uuid.uuid4(), grant_ids=[grant.pk], by=factories.user(role))


def test_序号当年连续_撤销的号不再用(by: User) -> None:
    first = build.batch([build.grant()], by)
    batches.cancel(batch_id=first.pk, reason="账户有误", by=by)
    second = build.batch([build.grant()], by)
    assert (first.serial, second.serial) == (1, 2)


def test_撤销之后可以重新成批_凭据还在(by: User) -> None:
    grant = build.grant()
    made = build.batch([grant], by, issued=True)
    sheet = made.payment_sheet_id
    batches.cancel(batch_id=made.pk, reason="拨付表已收回", by=by)
    assert batches.cancel(batch_id=made.pk, reason="再撤一次", by=by).cancel_reason == "拨付表已收回"
    made.refresh_from_db()
    assert (made.state, made.payment_sheet_id) == (BatchState.CANCELLED, sheet)
    assert made.payments.get().state == PaymentState.CANCELLED
    again = build.batch([grant], by)
    assert again.payments.get().amount == Decimal(10000)


def test_撤销要有理由(by: User) -> None:
    made = build.batch([build.grant()], by)
    with pytest.raises(Refused, match="理由"):
        batches.cancel(batch_id=made.pk, reason="  ", by=by)


def test_两份表一并生成_再点一次还是那两份(by: User) -> None:
    made = build.batch([build.grant(), build.grant(amount=70000)], by, issued=True)
    again = batches.issue(batch_id=made.pk, by=by)
    assert (again.payment_sheet_id, again.approval_sheet_id) == (made.payment_sheet_id, made.approval_sheet_id)
    assert AuditEntry.objects.filter(action="payments.papers").count() == 1
    assert again.payment_sheet is not None
    assert again.payment_sheet.secret


def test_开始取消资格程序之后不出拨付表(by: User) -> None:
    grant = build.grant()
    made = build.batch([grant], by)
    rows_oversight.revocation(station=grant.station)
    with pytest.raises(Refused, match="撤销这个批次"):
        batches.issue(batch_id=made.pk, by=by)
    made.refresh_from_db()
    assert (made.state, made.payment_sheet_id) == (BatchState.PREPARED, None)


def test_撤销的批次不出表(by: User) -> None:
    made = build.batch([build.grant()], by)
    batches.cancel(batch_id=made.pk, reason="账户有误", by=by)
    with pytest.raises(Conflict):
        batches.issue(batch_id=made.pk, by=by)


def test_拨付表读回来_合计_大写_账号是文本_公式不执行(by: User) -> None:
    unit = factories.organisation(name="=1+1示例公司")
    made = build.batch([build.grant(unit=unit), build.grant(amount=70000)], by, issued=True)
    page = load_workbook(io.BytesIO(build.sheet_bytes(made))).active
    titles = [cell.value for cell in page[3]]
    table = [dict(zip(titles, list(row), strict=True)) for row in page.iter_rows(min_row=4, max_row=5)]
    assert [row["收款单位"].data_type for row in table] == ["s", "s"]
    evil = next(row for row in table if row["收款单位"].value == unit.name)
    assert evil["收款单位"].quotePrefix
    assert {row["银行账号"].value for row in table} == {"6222000000001234567"}
    assert {row["金额大写"].value for row in table} == {"壹万元整", "柒万元整"}
    assert (
        sum(row["拨付金额（元）"].value for row in table)
        == page.cell(6, titles.index("拨付金额（元）") + 1).value
        == 80000
    )
    below = "\n".join(str(row[0].value) for row in page.iter_rows(min_row=6) if row[0].value)
    assert f"合计人民币（大写）：{capitals(80000)}" in below
    assert "经办人" in below
    assert "单位负责人" in below
    assert made.number in str(page.cell(2, 1).value)
    assert page.page_setup.orientation == "landscape"
    assert page.print_title_rows == "$3:$3"


def test_拨付表照设置的列(by: User, settings) -> None:  # type: ignore[no-untyped-def]
    settings.PAYMENT_SHEET_COLUMNS = ["batch", "payee=收款人全称", "account=收款账号", "bank", "capitals", "amount"]
    settings.PAYMENT_SHEET_SIGNATURES = ["局长"]
    made = build.batch([build.grant()], by, issued=True)
    page = load_workbook(io.BytesIO(build.sheet_bytes(made))).active
    assert [cell.value for cell in page[3]] == [
        "批次号",
        "收款人全称",
        "收款账号",
        "开户银行",
        "金额大写",
        "拨付金额（元）",
    ]


def test_审批表写明每笔的依据_三人_合计大写(by: User) -> None:
    grant = build.grant(amount=70000)
    made = build.batch([grant], by, issued=True)
    assert made.approval_sheet is not None
    words = text(read_bytes(made.approval_sheet)).replace("\n", "").replace(" ", "")
    review = grant.review
    for part in (made.number, grant.payee_name, "柒万元整", review.screened_by.name, review.approved_by.name, by.name):
        assert part in words, part
    assert "6222000000001234567" not in words


def test_每一步留痕(by: User) -> None:
    made = build.batch([build.grant()], by, issued=True)
    batches.cancel(batch_id=made.pk, reason="拨付表已收回", by=by)
    assert list(
        AuditEntry.objects.filter(action__startswith="payments.").values_list("action", flat=True).order_by("id")
    ) == [
        "payments.make",
        "payments.papers",
        "payments.cancel",
    ]


def test_看不见批次的人(by: User) -> None:
    made = build.batch([build.grant()], by)
    unit = factories.user(Role.OPERATOR, organisation=made.payments.get().grant.payee)
    assert not Batch.objects.visible_to(unit).exists()
    assert not Batch.objects.visible_to(factories.user(Role.ADMIN)).exists()
    assert Batch.objects.visible_to(factories.user(Role.AUDITOR)).get() == made
