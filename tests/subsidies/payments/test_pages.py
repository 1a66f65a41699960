"""The pages of 拨付 and 预算 as each role meets them."""

from __future__ import annotations

import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.audit.models import AuditEntry
from jinhua_labor.core.clock import today
from subsidies.grants.models import Grant
from subsidies.payments.enums import BatchState, PaymentState, SheetState
from subsidies.payments.models import Batch, BudgetEntry, Payment, ResultSheet
from tests import factories
from tests.queries import queries

from . import build

pytestmark = pytest.mark.django_db
ACCOUNT = "6222000000001234567"


@pytest.fixture
def by() -> User:
    return build.finance()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_成批_出表_下载_导入_一路走到办结(by: User) -> None:
    client, grants = client_of(by), [build.grant(), build.grant(amount=70000)]
    page = words(client.get(reverse("payments:list")))
    assert "把勾选的列入一个批次" in page
    key = uuid.uuid4()
    form = {"key": str(key), "grants": [str(one.pk) for one in grants], "remark": "九月第一批"}
    made = Batch.objects.get(pk=key) if client.post(reverse("payments:make"), form).status_code == 302 else None
    assert made is not None
    assert client.post(reverse("payments:make"), form)["Location"] == made.get_absolute_url(), "双击"
    assert client.post(reverse("payments:issue", args=[made.pk])).status_code == 302
    paper = client.get(reverse("payments:approval", args=[made.pk]))
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.post(reverse("payments:sheet", args=[made.pk]), {"purpose": ""}).status_code == 422
    sheet = client.post(reverse("payments:sheet", args=[made.pk]), {"purpose": "交财政办理拨付"})
    assert sheet.content[:2] == b"PK"
    assert "attachment" in sheet["Content-Disposition"]
    assert AuditEntry.objects.get(action="payments.sheet").purpose == "交财政办理拨付"
    data = build.filled(made, [build.paid("2026-01"), build.bounced()])
    answer = client.post(reverse("payments:results"), {"key": str(uuid.uuid4()), "file": build.upload(data)})
    told = words(client.get(answer["Location"]))
    assert "已登记" in told
    made.refresh_from_db()
    assert made.state == BatchState.CLOSED
    assert sorted(made.payments.values_list("state", flat=True)) == [PaymentState.BOUNCED, PaymentState.PAID]
    assert "退票：账号户名不符" in words(client.get(reverse("payments:list")))


def test_对不上的表逐行说明(by: User) -> None:
    made = build.batch([build.grant()], by, issued=True)
    data = build.filled(made, [build.paid("")])
    answer = client_of(by).post(reverse("payments:results"), {"key": str(uuid.uuid4()), "file": build.upload(data)})
    page = words(client_of(by).get(answer["Location"]))
    assert "整份表都没有登记" in page
    assert "没有凭证号" in page
    assert ResultSheet.objects.get().state == SheetState.REFUSED


@pytest.mark.parametrize("others", [0, 1], ids=["没有别的", "还有别的"])
def test_旧页面上的补贴已被别人成批_说明原因(others: int, by: User) -> None:
    grant = build.grant()
    for _ in range(others):
        build.grant()
    build.batch([grant], build.finance(name="测试财务乙"))
    answer = client_of(by).post(reverse("payments:make"), {"key": str(uuid.uuid4()), "grants": [str(grant.pk)]})
    assert answer.status_code == 409
    assert words(answer).count("有补贴刚刚列入了其他批次") == 1


def test_没勾选就提交_写的备注还在(by: User) -> None:
    build.grant()
    response = client_of(by).post(reverse("payments:make"), {"key": str(uuid.uuid4()), "remark": "九月第一批"})
    assert response.status_code == 422
    assert "请先勾选要拨付的补贴" in words(response)
    assert "九月第一批" in words(response)


def test_页面上没有完整账号(by: User) -> None:
    made = build.batch([build.grant()], by, issued=True)
    build.grant()
    for address in (
        reverse("payments:list"),
        made.get_absolute_url(),
        made.payments.get().get_absolute_url(),
        reverse("payments:results"),
    ):
        assert ACCOUNT not in words(client_of(by).get(address)), address


@pytest.mark.parametrize("role", [Role.CENTRE, Role.BUREAU, Role.AUDITOR])
def test_其他人看得到_没有办理的按钮(role: Role, by: User) -> None:
    made = build.batch([build.grant()], by, issued=True)
    build.grant()
    client = client_of(factories.user(role))
    for address in (reverse("payments:list"), made.get_absolute_url(), made.payments.get().get_absolute_url()):
        page = words(client.get(address))
        assert made.number in page
        for button in ("列入一个批次", "下载拨付表", "导入结果表", "撤销这个批次", "登记拨付</button>"):
            assert button not in page, button
    assert client.post(reverse("payments:sheet", args=[made.pk]), {"purpose": "看看"}).status_code == 403
    assert client.post(reverse("payments:results"), {}).status_code == 403


def test_承建单位打不开(by: User) -> None:
    made = build.batch([build.grant()], by)
    unit = factories.user(Role.OPERATOR, organisation=made.payments.get().grant.payee)
    assert client_of(unit).get(made.get_absolute_url()).status_code == 403


def test_逐笔登记和退票(by: User) -> None:
    made = build.batch([build.grant(), build.grant()], by, issued=True)
    client, (first, second) = client_of(by), list(made.payments.all())
    assert client.post(reverse("payments:pay", args=[first.pk]), {"voucher_no": ""}).status_code == 422
    form = {"voucher_no": "2026-01", "paid_on": today().isoformat()}
    assert client.post(reverse("payments:pay", args=[first.pk]), form).status_code == 302
    other = {"voucher_no": "2026-02", "paid_on": today().isoformat()}
    assert client.post(reverse("payments:pay", args=[first.pk]), other).status_code == 409
    form = {"on": today().isoformat(), "reason": "账户已销户"}
    assert client.post(reverse("payments:bounce", args=[second.pk]), form).status_code == 302
    assert sorted(Payment.objects.values_list("state", flat=True)) == [PaymentState.BOUNCED, PaymentState.PAID]


def test_撤销要理由(by: User) -> None:
    made = build.batch([build.grant()], by)
    client = client_of(by)
    assert client.post(reverse("payments:cancel", args=[made.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("payments:cancel", args=[made.pk]), {"reason": "金额有误"}).status_code == 302
    assert "金额有误" in words(client.get(made.get_absolute_url()))


def test_没出表时没有文件(by: User) -> None:
    made = build.batch([build.grant()], by)
    assert client_of(by).get(reverse("payments:approval", args=[made.pk])).status_code == 422


def test_预算页_局录入_财务只看_导出(by: User) -> None:
    bureau, year = client_of(factories.user(Role.BUREAU)), today().year
    build.grant()
    assert "录入预算数" in words(bureau.get(reverse("payments:budget")))
    form = {"number": 1, "amount": "790000", "basis": "预算批复"}
    assert bureau.post(reverse("payments:budget_enter", args=[year]), form).status_code == 302
    assert bureau.post(reverse("payments:budget_enter", args=[year]), {**form, "amount": "1"}).status_code == 409
    assert BudgetEntry.objects.get().amount == Decimal(790_000)
    page = words(client_of(by).get(reverse("payments:budget_year", args=[year])))
    assert "790,000 元" in page
    assert "保存预算数" not in page
    assert client_of(by).post(reverse("payments:budget_enter", args=[year]), form).status_code == 403
    assert client_of(by).post(reverse("payments:budget_export", args=[year])).content[:2] == b"PK"


@pytest.mark.parametrize("number", ["0", "-5", "3", "99999", "1000000000000", "x"])
def test_预算表单的次序被改坏_说明而不出错(number: str, by: User) -> None:
    bureau, year = client_of(factories.user(Role.BUREAU)), today().year
    form = {"number": number, "amount": "790000", "basis": "预算批复"}
    assert bureau.post(reverse("payments:budget_enter", args=[year]), form).status_code in {409, 422}
    assert not BudgetEntry.objects.exists()


@pytest.mark.parametrize("year", [2020, 1, 9999])
def test_没有的年度(year: int, by: User) -> None:
    assert client_of(by).get(reverse("payments:budget_year", args=[year])).status_code == 404


def test_列表的查询不随笔数增长(by: User) -> None:
    client = client_of(by)
    build.batch([build.grant(), build.grant()], by, issued=True)
    build.grant()
    few = queries(lambda: client.get(reverse("payments:list")))
    for _ in range(3):
        build.grant()
    build.batch([build.grant()], by)
    many = queries(lambda: client.get(reverse("payments:list")))
    assert len(many) <= len(few) <= 60
    assert Grant.objects.count() == 7


def test_补贴页通向它进过的批次(by: User) -> None:
    client, one, other = client_of(by), build.grant(), build.grant()
    first, second = build.batch([one], by), build.batch([other], by)
    link = f"{reverse('payments:list')}?grant={one.pk}"
    assert f"{link}#batches" in words(client.get(one.get_absolute_url()))
    page = words(client.get(link))
    assert first.number in page
    assert second.number not in page
    assert second.number in words(client.get(reverse("payments:list"), {"grant": "不是编号"}))
    assert "还没有列入过批次" in words(client.get(reverse("payments:list"), {"grant": str(build.grant().pk)}))


def test_首页列出待成批_待出表_待登记(by: User) -> None:
    client = client_of(by)
    build.grant()
    build.grant(amount=70000)
    page = words(client.get(reverse("dashboard:home")))
    assert "2 笔补贴可以列入批次" in page
    assert "合计 80,000 元" in page
    made = build.batch(list(Grant.objects.all()), by)
    page = words(client.get(reverse("dashboard:home")))
    assert "可以列入批次" not in page
    assert f"生成审批表和拨付表：{made.number}" in page
    issued = build.batch([build.grant()], by, issued=True)
    assert f"登记拨付结果：{issued.number}，还有 1 笔" in words(client.get(reverse("dashboard:home")))
