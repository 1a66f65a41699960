"""Result sheets that are broken, hostile or only careless: nothing of them is recorded but what is beyond doubt, and
what is refused says why. With them stale tabs, keys of others and addresses of other people's papers."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.attachments.models import Attachment
from jinhua_labor.core.clock import today
from jinhua_labor.core.errors import Conflict, Refused
from subsidies.grants.enums import Stage
from subsidies.payments.enums import PaymentState, Problem, SheetState
from subsidies.payments.models import Batch, Payment, ResultSheet
from subsidies.payments.services import batches, results
from tests import factories
from tests.data import workbooks as wb

from . import build

pytestmark = pytest.mark.django_db
Change = Callable[[Worksheet], object]
FIRST, SECOND = 4, 5


@pytest.fixture
def by() -> User:
    return build.finance()


@pytest.fixture
def unit() -> Any:
    return factories.organisation(name="示例（金华）人力资源有限公司")


@pytest.fixture
def made(by: User, unit: Any) -> Batch:
    """Two grants, the first of a unit with brackets in its name, their papers out."""
    return build.batch([build.grant(unit=unit, amount=70000), build.grant()], by, issued=True)


def good(made: Batch) -> bytes:
    return build.filled(made, [build.paid("2026-01"), build.paid("2026-02")])


def changed(made: Batch, change: Change) -> bytes:
    """The sheet as it would be right, changed by hand."""
    book = load_workbook(io.BytesIO(good(made)))
    change(book.active)
    return build.saved(book)


def at(page: Worksheet, row: int, title: str) -> Any:
    return page.cell(row, next(cell.column for cell in page[3] if cell.value == title))


def typed(row: int, title: str, value: object) -> Change:
    def change(page: Worksheet) -> None:
        at(page, row, title).value = value

    return change


def bring(data: bytes, by: User, **fields: Any) -> ResultSheet:
    name = fields.get("name", "拨付结果.xlsx")
    return results.bring_in(key=fields.get("key") or uuid.uuid4(), file=build.upload(data, name), by=by)


def untouched(made: Batch) -> None:
    assert set(made.payments.values_list("state", "grant__stage")) == {(PaymentState.PENDING, Stage.BATCHED)}
    build.nothing_twice()


def row_of(made: Batch, unit: Any) -> int:
    """The sheet's row of the unit's payment."""
    return 3 + made.payments.get(payee=unit.name).seq


# --- files nobody may open --------------------------------------------------------------------------------------


def macro(data: bytes) -> bytes:
    return wb.altered(data, {"xl/vbaProject.bin": b"x"})


def bomb(data: bytes) -> bytes:
    return wb.altered(data, {"xl/sharedStrings.xml": b"<sst>" + b" " * (40 * 2**20) + b"</sst>"})


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(macro, id="带宏"),
        pytest.param(bomb, id="压缩炸弹"),
        pytest.param(lambda data: wb.altered(data, {"xl/externalLinks/e1.xml": b"<ddeLink/>"}), id="外部链接"),
        pytest.param(lambda data: wb.altered(data, {"../evil.xml": b"<x/>"}), id="路径越界"),
        pytest.param(lambda data: data[: len(data) // 2], id="截断"),
        pytest.param(lambda data: data + bytes(3 * 2**20), id="超过大小"),
        pytest.param(lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), id="坏的xls"),
        pytest.param(lambda _: "批次号,收款单位,金额\r\n".encode("gbk"), id="文本改名"),
    ],
)
def test_有害或损坏的文件不收_什么都不留(spoil: Callable[[bytes], bytes], made: Batch, by: User) -> None:
    before = Attachment.objects.count()
    with pytest.raises(Refused) as refusal:
        bring(spoil(good(made)), by)
    assert refusal.value.problems[0][1] == "#id_result_file"
    assert (ResultSheet.objects.count(), Attachment.objects.count()) == (0, before)
    untouched(made)


def test_两张表各有一部分结果_不猜是哪一张(made: Batch, by: User) -> None:
    """A bank that lists what bounced on a sheet of its own: half of it must not count as the whole."""
    book = load_workbook(io.BytesIO(good(made)))
    other = book.copy_worksheet(book.active)
    other.title = "退票"
    with pytest.raises(Refused, match="「拨付表」、「退票」"):
        bring(build.saved(book), by)
    untouched(made)


def test_说明页在前_结果表在后_照常读(made: Batch, by: User) -> None:
    book = load_workbook(io.BytesIO(good(made)))
    book.create_sheet("说明", 0).append(["本表由银行导出"])
    assert bring(build.saved(book), by).matched == 2


@pytest.mark.parametrize("form", ["xls", "ods"])
def test_老格式和开放格式的结果表照常读(form: str, made: Batch, by: User) -> None:
    head = ["批次号", "收款单位", "金额", "拨付结果", "凭证号", "拨付日期"]
    lines = made.payments.order_by("seq")
    rows = [[made.number, one.payee, f"{one.amount}", "已拨付", f"2026-0{one.seq}", f"{today()}"] for one in lines]
    data = {"xls": wb.xls, "ods": wb.ods}[form]([head, *rows])
    assert bring(data, by, name=f"拨付结果.{form}").matched == 2


def test_结果在隐藏的工作表里不收(made: Batch, by: User) -> None:
    book = load_workbook(io.BytesIO(good(made)))
    book.active.sheet_state = "hidden"
    book.active = book.index(book.create_sheet("说明"))
    with pytest.raises(Refused, match="隐藏"):
        bring(build.saved(book), by)
    untouched(made)


# --- cells that say something else --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount",
    ["70,000.00", "７００００", "７０，０００．００", "￥70,000", "70000元", " 70 000 ", 70000.0, "70000.00"],
)
def test_金额的各种写法是同一个数(amount: object, made: Batch, unit: Any, by: User) -> None:
    sheet = bring(changed(made, typed(row_of(made, unit), "拨付金额（元）", amount)), by)
    assert (sheet.state, sheet.matched) == (SheetState.APPLIED, 2)


@pytest.mark.parametrize(
    ("amount", "problem"),
    [
        pytest.param("7万", Problem.UNREADABLE, id="万元"),
        pytest.param("柒万元整", Problem.UNREADABLE, id="大写"),
        pytest.param("-70000", Problem.UNREADABLE, id="负数"),
        pytest.param("(70,000)", Problem.UNREADABLE, id="括号负数"),
        pytest.param("7E4", Problem.UNREADABLE, id="科学记数"),
        pytest.param("70000.001", Problem.AMOUNT, id="多一厘"),
        pytest.param(69999.995, Problem.AMOUNT, id="差半分"),
        pytest.param("7,0000", None, id="逗号位置不同仍是七万"),
        pytest.param("=70000", Problem.UNREADABLE, id="文本公式"),
        pytest.param(True, Problem.UNREADABLE, id="真假"),
        pytest.param(dt.date(2091, 8, 24), Problem.UNREADABLE, id="日期格式的七万"),
        pytest.param(None, Problem.AMOUNT, id="空"),
    ],
)
def test_金额看不清或不相等的整份不登记(amount: object, problem: str | None, made: Batch, unit: Any, by: User) -> None:
    def change(page: Worksheet) -> None:
        cell = at(page, row_of(made, unit), "拨付金额（元）")
        cell.value = amount
        if isinstance(amount, str):
            cell.data_type = "s"

    sheet = bring(changed(made, change), by)
    if problem is None:
        assert sheet.matched == 2
        return
    assert (sheet.state, [row.problem for row in sheet.rows.exclude(problem="")]) == (SheetState.REFUSED, [problem])
    untouched(made)


def test_公式单元格没有算出的值_当作没填(made: Batch, unit: Any, by: User) -> None:
    """A formula a program wrote and nobody computed has no value; the portal computes none."""
    sheet = bring(changed(made, typed(row_of(made, unit), "拨付金额（元）", "=7*10000")), by)
    assert [row.problem for row in sheet.rows.exclude(problem="")] == [Problem.AMOUNT]
    untouched(made)


def test_以等号开头的凭证号原样保存_网页上只是文字(made: Batch, by: User, unit: Any) -> None:
    def change(page: Worksheet) -> None:
        cell = at(page, row_of(made, unit), "凭证号")
        cell.value = "=HYPERLINK(1)<b>"
        cell.data_type = "s"

    bring(changed(made, change), by)
    row = made.payments.get(payee=unit.name)
    assert row.voucher_no == "=HYPERLINK(1)<b>"
    client = Client()
    client.force_login(by)
    assert "=HYPERLINK(1)&lt;b&gt;" in client.get(made.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "name", ["示例(金华)人力资源有限公司", "示例（金华） 人力资源有限公司", "示例（金华）人力资源有限公司　"]
)
def test_收款单位括号和空格写法不同是同一家(name: str, made: Batch, unit: Any, by: User) -> None:
    assert bring(changed(made, typed(row_of(made, unit), "收款单位", name)), by).matched == 2


@pytest.mark.parametrize(
    "name",
    ["示例金华人力资源有限公司", "示例〔金华〕人力资源有限公司", "示例（金华）人力资源有限公司金东分公司", "测试甲"],
)
def test_别的名字的收款单位整份不登记(name: str, made: Batch, unit: Any, by: User) -> None:
    sheet = bring(changed(made, typed(row_of(made, unit), "收款单位", name)), by)
    assert [row.problem for row in sheet.rows.exclude(problem="")] == [Problem.UNKNOWN_PAYEE]
    untouched(made)


# --- rows too many, too few, merged -------------------------------------------------------------------------------


def copied(page: Worksheet, row: int, **more: object) -> None:
    """The row once more below the table."""
    page.insert_rows(SECOND + 1)
    for cell in page[row]:
        page.cell(SECOND + 1, cell.column).value = cell.value
    for title, value in more.items():
        at(page, SECOND + 1, title).value = value


def test_同一行写了两遍整份不登记(made: Batch, by: User) -> None:
    sheet = bring(changed(made, lambda page: copied(page, FIRST)), by)
    assert [row.problem for row in sheet.rows.exclude(problem="")] == [Problem.TWICE]
    untouched(made)


def test_同一笔一行已拨付一行退票整份不登记(made: Batch, by: User) -> None:
    sheet = bring(changed(made, lambda page: copied(page, FIRST, 拨付结果="退票", 退票原因="销户")), by)
    assert sheet.state == SheetState.REFUSED
    untouched(made)


def test_多出一行别的单位整份不登记(made: Batch, by: User) -> None:
    sheet = bring(changed(made, lambda page: copied(page, FIRST, 收款单位="示例陌生有限公司")), by)
    assert [row.problem for row in sheet.rows.exclude(problem="")] == [Problem.UNKNOWN_PAYEE]
    untouched(made)


def test_多出一行别的批次整份不登记(made: Batch, by: User) -> None:
    other = build.batch([build.grant()], by, issued=True)
    sheet = bring(changed(made, lambda page: copied(page, FIRST, 批次号=other.number)), by)
    assert sheet.state == SheetState.REFUSED
    untouched(made)
    untouched(other)


def test_凭证号合并单元格_没有写的一笔仍待登记(made: Batch, by: User) -> None:
    """In the file only the topmost of merged cells holds anything: what is not written for a payment is not guessed."""

    def change(page: Worksheet) -> None:
        for title in ("拨付结果", "凭证号", "拨付日期"):
            column = at(page, FIRST, title).column
            page.merge_cells(start_row=FIRST, end_row=SECOND, start_column=column, end_column=column)

    sheet = bring(changed(made, change), by)
    assert (sheet.matched, sheet.missing) == (1, 1)
    assert sorted(made.payments.values_list("state", flat=True)) == [PaymentState.PAID, PaymentState.PENDING]
    build.nothing_twice()


def test_收款单位合并单元格整份不登记(made: Batch, by: User) -> None:
    def change(page: Worksheet) -> None:
        column = at(page, FIRST, "收款单位").column
        page.merge_cells(start_row=FIRST, end_row=SECOND, start_column=column, end_column=column)

    assert bring(changed(made, change), by).state == SheetState.REFUSED
    untouched(made)


# --- the same form again, somebody else's key -----------------------------------------------------------------------


def test_后退之后在旧表单里传改好的表_读的是改好的这份(made: Batch, unit: Any, by: User) -> None:
    """The form the browser shows again after 后退 still has its key; the file in it is another one."""
    key = uuid.uuid4()
    wrong = bring(changed(made, typed(row_of(made, unit), "拨付金额（元）", 1)), by, key=key)
    right = bring(good(made), by, key=key)
    assert (wrong.state, right.state, right.matched) == (SheetState.REFUSED, SheetState.APPLIED, 2)
    assert right.pk != wrong.pk


def test_双击上传对不上的表_只留一份(made: Batch, unit: Any, by: User) -> None:
    key, data = uuid.uuid4(), changed(made, typed(row_of(made, unit), "拨付金额（元）", 1))
    assert bring(data, by, key=key) == bring(data, by, key=key)
    assert ResultSheet.objects.count() == 1


def test_别人用过的表单编号_不出错(made: Batch, unit: Any, by: User) -> None:
    key = uuid.uuid4()
    bring(changed(made, typed(row_of(made, unit), "拨付金额（元）", 1)), by, key=key)
    assert bring(good(made), build.finance(name="测试财务乙"), key=key).matched == 2
    with pytest.raises(Conflict):
        batches.make(key=made.pk, grant_ids=[build.grant().pk], by=build.finance(name="测试财务丙"))
    assert Batch.objects.count() == 1


@pytest.mark.parametrize("key", ["", "不是编号", "1"])
def test_表单编号被改坏_说明而不出错(key: str, by: User) -> None:
    client = Client()
    client.force_login(by)
    form = {"key": key, "grants": [str(build.grant().pk)]}
    assert client.post(reverse("payments:make"), form).status_code == 422
    assert client.post(reverse("payments:make"), {**form, "grants": ["x"]}).status_code in {409, 422}
    assert client.post(reverse("payments:results"), {"key": key, "file": build.upload(b"PK")}).status_code == 422
    assert not Batch.objects.exists()


# --- doors ------------------------------------------------------------------------------------------------------


def test_承建单位和协会打不开批次的任何一页_也取不到它的文件(made: Batch, unit: Any, by: User) -> None:
    bring(good(made), by)
    made.refresh_from_db()
    payment, sheet = made.payments.get(payee=unit.name), ResultSheet.objects.get()
    pages = [
        reverse("payments:list"),
        made.get_absolute_url(),
        reverse("payments:approval", args=[made.pk]),
        payment.get_absolute_url(),
        reverse("payments:results"),
        sheet.get_absolute_url(),
        reverse("payments:budget"),
    ]
    posts = [reverse(f"payments:{name}", args=[made.pk]) for name in ("issue", "cancel", "sheet")]
    posts += [reverse(f"payments:{name}", args=[payment.pk]) for name in ("pay", "bounce")]
    posts += [reverse("payments:make"), reverse("payments:budget_export", args=[today().year])]
    files = [row.pk for row in (made.payment_sheet, made.approval_sheet, sheet.file) if row]
    for user in (factories.user(Role.OPERATOR, organisation=unit), factories.user(Role.ASSOCIATION)):
        client = Client()
        client.force_login(user)
        assert {client.get(page).status_code for page in pages} == {403}
        assert {client.post(page).status_code for page in posts} == {403}
        for pk in files:
            assert client.get(reverse("attachments:open", args=[pk])).status_code == 404
    assert Payment.objects.filter(state=PaymentState.PAID).count() == 2
