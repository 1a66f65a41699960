"""Grants that wait to be paid, batches of them, and result sheets as they come back."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.attachments.reading import read_bytes
from jinhua_labor.core.clock import today
from jinhua_labor.core.crypto import blind_index
from jinhua_labor.review.states import Kind, State
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, Stage
from subsidies.grants.models import Grant
from subsidies.grants.queries.account import as_text
from subsidies.payees.models import NUMBER_PURPOSE, PayeeAccount
from subsidies.payments.enums import LIVE_PAYMENT, PaymentState
from subsidies.payments.models import Batch, Payment
from subsidies.payments.services import batches
from tests import factories
from tests.assessments.excellent.build import final_year
from tests.meta import rows

ESTABLISHED = dt.date(2021, 6, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def finance(**fields: Any) -> User:
    return factories.user(Role.FINANCE, **{"name": "测试财务甲", **fields})


def account(unit: Organisation, number: str = "6222000000001234567") -> PayeeAccount:
    return PayeeAccount.objects.create(
        organisation=unit,
        holder=unit.name,
        bank="示例银行金东支行",
        number=number,
        digest=blind_index(NUMBER_PURPOSE, number),
        tail=number[-4:],
        proof=rows.attachment(organisation=unit),
        effective_on=rows.DAY,
        added_by=factories.user(Role.OPERATOR, organisation=unit),
    )


TOTALS = {40000: 65, 50000: 75, 60000: 85, 70000: 95}
"""A total of each tier, so that what is owed and what the grant says are the same."""


def grant(
    *, amount: int = 10000, unit: Organisation | None = None, station: Station | None = None, **fields: Any
) -> Grant:
    """One grant after the last step of approval, account confirmed, three persons behind it: 建站补贴 of 10 000, else
    the 年度绩效奖励 of that tier. What is owed to the station says the same."""
    unit = unit or factories.organisation()
    place = station or rows.station(
        operator=unit,
        name=f"{unit.name}工作站",
        established_on=ESTABLISHED,
        area_key=f"52|测试市|示例{rows.number()}县",
    )
    held = fields.pop("account", None) or account(unit)
    clerk = factories.user(Role.CENTRE)
    more: dict[str, Any] = {"trigger_on": ESTABLISHED, "final_on": ESTABLISHED, "kind": GrantKind.SETUP}
    if amount in TOTALS:
        year = final_year(place, fields.pop("number", 1), total=Decimal(TOTALS[amount]))
        more = {
            "kind": GrantKind.YEARLY,
            "period_no": year.period_no,
            "assessment": year,
            "sheet": year.sheets.get(),
            "trigger_on": year.ends_on,
            "final_on": year.final_on,
        }
    return Grant.objects.create(
        **{
            "station": place,
            "payee": unit,
            "policy_version": "JD-2021-14",
            "clause": "第十二条（一）" if amount == 10000 else "第十二条（二）",
            "arithmetic": f"测试依据，{amount:,} 元",
            "base": Decimal(amount),
            "payable": Decimal(amount),
            "top": Decimal(amount),
            "stage": Stage.APPROVED,
            "review": rows.review(kind=Kind.GRANT, state=State.APPROVED, url_name="grants:grant"),
            "account": held,
            "account_snapshot": as_text(held),
            "account_holder": unit.name,
            "payee_name": unit.name,
            "account_by": clerk,
            "account_at": timezone.now(),
            "others_checked_by": clerk,
            "others_checked_at": timezone.now(),
            "fiscal_year": today().year,
            "approved_on": today(),
            **more,
            **fields,
        }
    )


def batch(grants: Sequence[Grant], by: User, *, issued: bool = False) -> Batch:
    made = batches.make(key=uuid.uuid4(), grant_ids=[one.pk for one in grants], by=by)
    return batches.issue(batch_id=made.pk, by=by) if issued else made


def sheet_bytes(made: Batch) -> bytes:
    """The payment sheet as it went out."""
    made.refresh_from_db()
    assert made.payment_sheet is not None
    return read_bytes(made.payment_sheet)


def filled(made: Batch, results: Iterable[dict[str, Any]], *, extra: Iterable[Sequence[Any]] = ()) -> bytes:
    """The payment sheet with the bank's results typed into its blank columns, one dict a row in order; `extra` rows
    are added below them."""
    book = load_workbook(io.BytesIO(sheet_bytes(made)))
    page = book.active
    columns = {cell.value: cell.column for cell in page[3]}
    at = 4
    for at, result in enumerate(results, 4):
        for title, value in result.items():
            page.cell(at, columns[title], value)
    for row in extra:
        page.insert_rows(at + 1)
        for title, value in row:
            page.cell(at + 1, columns[title], value)
        at += 1
    return saved(book)


def paid(voucher: str = "2026-0901", **more: Any) -> dict[str, Any]:
    return {"拨付结果": "已拨付", "凭证号": voucher, "拨付日期": today().isoformat(), **more}


def bounced(reason: str = "账号户名不符", **more: Any) -> dict[str, Any]:
    return {"拨付结果": "退票", "拨付日期": today().isoformat(), "退票原因": reason, **more}


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(data: bytes, name: str = "拨付结果.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, XLSX)


def nothing_twice() -> None:
    """What must hold whatever happened: one live payment a grant at most, sums that agree, money where it says."""
    live = list(Payment.objects.filter(state__in=LIVE_PAYMENT).values_list("grant", "round"))
    assert len(live) == len(set(live))
    for made in Batch.objects.all():
        lines = list(made.payments.in_batch())
        assert (made.lines, made.total) == (len(lines), sum(one.amount for one in lines))
    for one in Grant.objects.all():
        settled = one.payments.filter(paid_on__isnull=False)
        assert one.paid == sum(payment.amount for payment in settled)
        assert one.returned == sum(payment.amount for payment in settled if payment.bounced_on)
        assert 0 <= one.outstanding <= one.payable
        waiting = one.payments.filter(state=PaymentState.PENDING).count()
        assert (one.stage == Stage.BATCHED) == (waiting == 1)
        assert (one.stage == Stage.PAID) == one.payments.filter(state=PaymentState.PAID).exists()
