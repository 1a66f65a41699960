"""预算数 of a fiscal year, entered by the bureau; export of the page, with a line in the journal."""

from __future__ import annotations

import io
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import now
from jinhua_labor.core.dates import datetime_cn
from jinhua_labor.core.errors import Conflict, Refused
from stations.oversight.services.common import require
from stations.roster.workbook.writer import Sheet, write_workbook
from subsidies.payments.models import BudgetEntry
from subsidies.payments.models.batches import READERS
from subsidies.payments.queries.budget import BudgetPage


@transaction.atomic
def enter(*, year: int, amount: Decimal, basis: str, number: int, by: User) -> BudgetEntry:
    """The planned amount of a year, as the `number`-th entry: what the person saw when the form was made.

    Raises Conflict where a colleague entered one meanwhile; the same entry twice is one.
    """
    require(by, Role.BUREAU)
    if not basis.strip():
        raise Refused("请写明依据。", problems=(("请写明依据。", "#id_basis"),))
    last = BudgetEntry.objects.filter(year=year).order_by("-number").first()
    said = (number, amount, basis.strip(), by.pk)
    if last is not None and (last.number, last.amount, last.basis, last.entered_by_id) == said:
        return last
    if number != (last.number if last else 0) + 1:
        raise Conflict("预算刚刚由他人修改，请刷新后再录入。")
    try:
        with transaction.atomic():
            entry = BudgetEntry.objects.create(
                year=year, number=number, amount=amount, basis=basis.strip(), entered_by=by
            )
    except IntegrityError as error:
        if "budget_entry_once" not in str(error):
            raise
        raise Conflict("预算刚刚由他人修改，请刷新后再录入。") from error
    record(by=by, action="payments.budget", obj=entry, detail={"year": year, "amount": str(amount), "number": number})
    return entry


def export(*, page: BudgetPage, by: User) -> bytes:
    """The figures of the budget page as .xlsx; nothing personal is in it, who took it stands in the journal."""
    if by.role not in READERS:
        raise PermissionDenied
    unit = by.organisation.name if by.organisation else ""
    mark = f"导出人：{unit}{by.name}　导出时间：{datetime_cn(now())}"
    out = io.BytesIO()
    sheets = [
        Sheet(
            "预算执行",
            ("项目", "金额（元）"),
            page.lines(),
            (30, 18),
            (f"{page.budget.year}年度补贴预算执行", mark),
            mark,
        ),
        Sheet(
            "分项",
            ("补贴项目", "已批未拨（元）", "已拨付（元）", "办理中（元）"),
            page.by_kind(),
            (18, 18, 18, 18),
            (mark,),
            mark,
        ),
        Sheet(
            "预测",
            ("工作站", "年度", "期满日", "目前得分", "按目前数据（元）", "最多（元）", "说明"),
            page.forecast_rows(),
            (28, 10, 14, 10, 18, 18, 24),
            ("依据各站目前数据预测，仅供参考", mark),
            mark,
        ),
    ]
    with transaction.atomic():
        count = write_workbook(out, sheets, title=f"{page.budget.year}年度补贴预算执行")
        record(by=by, action="payments.budget_export", title=f"{page.budget.year}年度预算", detail={"rows": count})
    return out.getvalue()
