"""预算: planned, committed, paid, under review, forecast; entered by the bureau; its export is journalled."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from subsidies.grants.enums import GrantKind, Stage
from subsidies.payments.models import BudgetEntry
from subsidies.payments.queries.budget import ForecastLine, budget_page, forecasts, years_known
from subsidies.payments.rules.budget import Range
from subsidies.payments.services import budgets, results
from tests import factories
from tests.meta import rows
from tests.queries import queries

from . import build

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture
def by() -> User:
    return factories.user(Role.BUREAU)


def test_录入_调整_最新的算数_沿革都在(by: User) -> None:
    budgets.enter(year=YEAR, amount=Decimal(790_000), basis="预算批复", number=1, by=by)
    budgets.enter(year=YEAR, amount=Decimal(850_000), basis="追加", number=2, by=by)
    page = budget_page(YEAR, day=today())
    assert page.budget.planned == Decimal(850_000)
    assert [entry.number for entry in page.entries] == [2, 1]


def test_同一次录入再发一次是一条_他人已改的拒绝(by: User) -> None:
    first = budgets.enter(year=YEAR, amount=Decimal(790_000), basis="预算批复", number=1, by=by)
    assert budgets.enter(year=YEAR, amount=Decimal(790_000), basis="预算批复", number=1, by=by) == first
    with pytest.raises(Conflict):
        budgets.enter(year=YEAR, amount=Decimal(1), basis="别的", number=1, by=factories.user(Role.BUREAU))
    assert BudgetEntry.objects.count() == 1


def test_没有依据不收(by: User) -> None:
    with pytest.raises(Refused, match="依据"):
        budgets.enter(year=YEAR, amount=Decimal(1), basis=" ", number=1, by=by)


@pytest.mark.parametrize("role", [Role.FINANCE, Role.CENTRE, Role.AUDITOR])
def test_只有局录入(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        budgets.enter(year=YEAR, amount=Decimal(1), basis="依据", number=1, by=factories.user(role))


def test_各笔归入已批未拨_已拨付_办理中() -> None:
    finance = build.finance()
    paid, batched = build.grant(), build.grant(amount=70000)
    made = build.batch([paid, batched], finance, issued=True)
    results.pay(payment_id=made.payments.get(grant=paid).pk, voucher_no="1", paid_on=today(), by=finance)
    build.grant(amount=40000)  # approved, in no batch
    build.grant(amount=50000, stage=Stage.SCREENED, approved_on=None, fiscal_year=None)
    build.grant(fiscal_year=YEAR - 1)
    one = budget_page(YEAR, day=today()).budget
    # 成批时顺带推导：有年度奖励的站点还应得建站补贴，随即生成草稿，也在办理中。
    assert (one.paid, one.committed, one.reviewing) == (Decimal(10000), Decimal(110_000), Decimal(60000))
    assert budget_page(YEAR - 1, day=today()).budget.committed == Decimal(10000)
    assert budget_page(YEAR - 1, day=today()).budget.reviewing == 0
    kinds = {line.kind: line for line in budget_page(YEAR, day=today()).kinds}
    assert kinds[GrantKind.SETUP].paid == Decimal(10000)
    assert kinds[GrantKind.YEARLY].committed == Decimal(110_000)


def test_退票的不再算已拨付() -> None:
    finance, grant = build.finance(), build.grant()
    made = build.batch([grant], finance, issued=True)
    one = made.payments.get()
    results.pay(payment_id=one.pk, voucher_no="1", paid_on=today(), by=finance)
    results.bounce(payment_id=one.pk, on=today(), reason="账户已销户", by=finance)
    page = budget_page(YEAR, day=today()).budget
    assert (page.paid, page.committed) == (Decimal(0), Decimal(10000))


def test_预测_各站按现有数据_查询不随站数增长() -> None:
    rows.station(established_on=build.ESTABLISHED)
    first, lines = forecasts(day=today()), list[ForecastLine]()
    few = queries(lambda: forecasts(day=today()))
    for _ in range(3):
        rows.station(established_on=build.ESTABLISHED)
    many = queries(lambda: lines.extend(forecasts(day=today())))
    assert (len(first), len(lines)) == (1, 4)
    assert len(many) <= len(few)
    assert all(line.range.low <= line.range.high for line in lines)
    assert all(line.waits for line in lines), "试行期之后的年度待延期文件"
    assert {line.fiscal_year for line in lines} <= {YEAR, YEAR + 1}


def test_没有站点没有补贴的一年() -> None:
    page = budget_page(YEAR, day=today())
    assert page.budget.planned is None
    assert page.budget.forecast == Range()
    assert not page.is_short
    assert "还没有录入" in page.budget.verdict
    assert "预算数" not in page.chart["labels"]
    assert ("预算数", "未录入") in page.table
    assert years_known(day=today())[:2] == [YEAR + 1, YEAR]


def test_录入之后图上才有预算数(by: User) -> None:
    budgets.enter(year=YEAR, amount=Decimal(0), basis="预算批复", number=1, by=by)
    page = budget_page(YEAR, day=today())
    assert (page.chart["labels"][0], page.chart["series"][0]["data"][0]) == ("预算数", 0.0)


def test_导出读回来_留痕(by: User) -> None:
    budgets.enter(year=YEAR, amount=Decimal(790_000), basis="预算批复", number=1, by=by)
    build.grant()
    book = load_workbook(io.BytesIO(budgets.export(page=budget_page(YEAR, day=today()), by=by)))
    assert book.sheetnames == ["预算执行", "分项", "预测"]
    figures = {row[0].value: row[1].value for row in book["预算执行"].iter_rows(min_row=4)}
    assert figures["预算数"] == 790_000
    assert figures["已批未拨"] == 10_000
    assert AuditEntry.objects.get(action="payments.budget_export").actor == by


def test_承建单位不能导出(by: User) -> None:
    with pytest.raises(PermissionDenied):
        budgets.export(page=budget_page(YEAR, day=today()), by=factories.user(Role.OPERATOR))
