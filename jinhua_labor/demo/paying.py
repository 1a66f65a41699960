"""拨付 in the demo: batches paid, bounced and waiting, a result sheet that does not fit, the year's budget."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Sequence
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from jinhua_labor.attachments.reading import read_bytes
from subsidies.grants.models import Grant
from subsidies.payments.models import Batch
from subsidies.payments.services import batches, budgets, results
from subsidies.payments.workbook import XLSX

from .cases import person
from .days import at

FINANCE, OFFICIAL = "caiwu", "shenhe"


def sent_out(grants: Sequence[Grant], on: dt.date) -> Batch:
    """A batch with its papers."""
    with at(on, 10):
        batch = batches.make(key=uuid.uuid4(), grant_ids=[grant.pk for grant in grants], by=person(FINANCE))
        return batches.issue(batch_id=batch.pk, by=person(FINANCE))


def paid(grants: Sequence[Grant], *, on: dt.date, voucher: str) -> None:
    """All of them in one batch, entered one by one."""
    for payment in sent_out(grants, on).payments.order_by("seq"):
        with at(on, 16):
            results.pay(payment_id=payment.pk, voucher_no=f"{voucher}-{payment.seq}", paid_on=on, by=person(FINANCE))


def bounced(grant: Grant, *, on: dt.date) -> None:
    payment = sent_out([grant], on).payments.get()
    with at(on, 17):
        results.bounce(payment_id=payment.pk, on=on, reason="收款账户已销户", by=person(FINANCE))


def out_and_told_wrong(grant: Grant, *, on: dt.date, back: dt.date) -> None:
    """拨付中; the sheet that came back names another amount, so nothing of it was recorded."""
    batch = sent_out([grant], on)
    assert batch.payment_sheet is not None
    book = load_workbook(io.BytesIO(read_bytes(batch.payment_sheet)))
    page = book.active
    columns = {cell.value: cell.column for cell in page[3]}
    told = {"拨付金额（元）": 9000, "拨付结果": "已拨付", "凭证号": f"{back.year}-1120", "拨付日期": back.isoformat()}
    for title, value in told.items():
        page.cell(4, columns[title], value)
    out = io.BytesIO()
    book.save(out)
    with at(back, 15):
        file = SimpleUploadedFile(f"拨付结果_{batch.number}.xlsx", out.getvalue(), XLSX)
        results.bring_in(key=uuid.uuid4(), file=file, by=person(FINANCE))


def planned(year: int) -> None:
    """The budget of the year, raised once."""
    for number, (month, amount, basis) in enumerate(
        ((1, 200_000, "年初部门预算（演示）"), (7, 260_000, "年中调整，两家工作站评估年度期满（演示）")), 1
    ):
        with at(dt.date(year, month, 10), 10):
            budgets.enter(year=year, amount=Decimal(amount), basis=basis, number=number, by=person(OFFICIAL))
