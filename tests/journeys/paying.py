"""People before the pages of 第五章: an account confirmed, a grant decided, a batch made and what comes back."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from jinhua_labor.accounts.models import User
from subsidies.grants.enums import Stage
from subsidies.grants.models import Grant
from subsidies.payments.enums import PaymentState
from subsidies.payments.models import Batch, Payment
from tests.documents.paper import text as words_of
from tests.factories import PASSWORD
from tests.subsidies import build
from tests.subsidies.life import Life
from tests.subsidies.payments import build as payments

from . import crew, station
from .test_once import TWICE
from .visitor import Visitor

Window = Callable[..., Visitor]
WRONG_ROLE, TAKEN = 403, 409


class Street:
    """The windows people sit before: whoever has been away too long signs in again."""

    def __init__(self, life: Life, window: Window) -> None:
        self.life, self.window = life, window
        self.since: dict[str, tuple[Visitor, dt.date]] = {}

    def sits(self, user: User, **options: Any) -> Visitor:
        day = dt.datetime.now(dt.UTC).date()
        visitor, since = self.since.get(user.username, (None, None))
        if visitor is None:
            visitor = self.window(user.name, **options)
        if since != day:
            visitor.context.clear_cookies()
            visitor.sign_in(user.username, PASSWORD)
            self.since[user.username] = (visitor, day)
        return visitor

    def at(self, user: User, path: str) -> Visitor:
        visitor = self.sits(user)
        visitor.open(path)
        return visitor


def step(visitor: Visitor, address: str, button: str, words: str) -> None:
    """The form of a step of a grant sent; what the portal answers."""
    station.send(visitor, button, within=station.form_to(visitor, address))
    station.told(visitor, words)


def turned_away(visitor: Visitor, path: str, status: int = WRONG_ROLE) -> None:
    answer = visitor.page.goto(f"{visitor.portal.url}{path}")
    assert answer is not None
    assert answer.status == status, f"{answer.status} {path}"


# --- the account and the first grant ----------------------------------------------------------------------------------


def account(street: Street) -> None:
    """Registered with proof; one person of the centre checks, he may not confirm, a second does."""
    desk = street.life.desk
    unit = street.at(desk.unit, "/subsidies/accounts/")
    form = unit.page.locator("#ask form")
    station.fill(form, bank="示例银行金东支行", number=build.NUMBER, proof=[crew.scan("基本存款账户信息")])
    unit.look("登记收款账户")
    station.send(unit, "提交账户")
    station.told(unit, "两人核对、复核")
    address = unit.page.url
    first = street.at(desk.centre, address)
    station.fill(station.form_to(first, "check"), note="电话向单位原联系人核实无误。")
    step(first, "check", "核对无误，交同事复核", "请由另一位同事复核")
    expect(first.page.get_by_role("button", name="确认这个账户")).to_have_count(0)
    second = street.at(desk.second, address)
    step(second, "confirm", "确认这个账户", "已确认，本单位所有人员已收到通知")
    unit.open("/subsidies/accounts/")
    expect(unit.page.locator("#main .mono").first).to_have_text(f"**** **** {build.NUMBER[-4:]}")
    assert build.NUMBER not in unit.page.content()


def decided(street: Street, grant: Grant) -> None:
    """Account confirmed by the unit, 初审, 审核; who has no part in it finds no form and no door."""
    desk, url = street.life.desk, grant.get_absolute_url()
    unit = street.at(desk.unit, url)
    step(unit, "account", "确认付到这个账户", "收款账户已确认")
    turned_away(unit, "/payments/")
    finance = street.at(desk.finance, url)
    for button in ("报区人社局审核", "审核通过", "同意拨付"):
        expect(finance.page.get_by_role("button", name=button)).to_have_count(0)
    centre = street.at(desk.centre, url)
    form = station.form_to(centre, "screen")
    station.send(centre, "报区人社局审核", within=form)
    station.told(centre, "同期是否享受其他同类补助")
    station.fill(form, others_checked="on")
    centre.look("补贴的初审")
    step(centre, "screen", "报区人社局审核", "已报区人社局审核")
    bureau = street.at(desk.bureau, url)
    station.fill(station.form_to(bureau, "approve"), opinion="依据和金额无误，同意。")
    step(bureau, "approve", "审核通过", "已审核")


def announced(street: Street, grant: Grant) -> None:
    """公示 written by the centre, released by the bureau; until it is over nobody approves the payment."""
    desk, url = street.life.desk, grant.get_absolute_url()
    centre = street.at(desk.centre, url)
    station.send(centre, "拟公示稿")
    station.told(centre, "公示稿已拟好")
    bureau = street.at(desk.bureau, centre.page.url)
    bureau.look("补贴公示稿")
    station.send(bureau, "发布")
    station.told(bureau, "已发布")
    bureau.open(url)
    expect(station.form_to(bureau, "step")).to_have_count(0)
    station.told(bureau, "公示中")


def approved(street: Street, grant: Grant) -> None:
    """审批 by two people, neither of whom decided it."""
    desk, url = street.life.desk, grant.get_absolute_url()
    leader = street.at(desk.leader, url)
    step(leader, "step", "同意拨付", "审批已办理")
    finance = street.at(desk.finance, url)
    step(finance, "step", "同意拨付", "审批已办理")


# --- the batch and what comes back ------------------------------------------------------------------------------------


def batched(street: Street, payer: User, grant: Grant) -> Batch:
    """The batch sent twice by a double click is one; the other tab that still shows the grant takes nothing."""
    window = street.at(payer, "/payments/")
    window.look("待拨付的补贴")
    one, stale = window.page, window.tab()
    stale.goto(one.url)
    one.locator('form[action$="/make/"]').evaluate(TWICE)
    expect(one.locator("h1")).to_contain_text("批次 BF-")
    with stale.expect_navigation() as answer:
        stale.locator("#main").get_by_role("button", name="列入一个批次").click()
    assert answer.value.status == TAKEN
    expect(stale.locator("#main")).to_contain_text("请刷新后重新勾选")
    stale.close()
    made = Batch.objects.get(payments__grant=grant)
    assert (Batch.objects.count(), made.lines, made.total) == (1, 1, grant.due)
    return made


def papers(street: Street, payer: User, made: Batch) -> Workbook:
    """Both papers made and opened: 审批表 names who decided, 拨付表 has the whole account and the sum in capitals."""
    window = street.at(payer, made.get_absolute_url())
    page = window.page
    station.send(window, "生成两份表")
    window.look("出了表的批次")
    href = page.get_by_role("link", name="打开审批表").get_attribute("href")
    paper = window.context.request.get(f"{window.portal.url}{href}")
    printed = words_of(paper.body())
    for words in (made.number, "壹万元整", "测试中心甲", "测试局甲", "测试局乙", "测试财务甲"):
        assert words in printed, words
    assert build.NUMBER not in printed
    form = page.locator('form[action$="/sheet/"]')
    station.fill(form, purpose="交财政办理拨付")
    with page.expect_download() as given:
        form.get_by_role("button", name="下载拨付表").click()
    book = load_workbook(io.BytesIO(given.value.path().read_bytes()))
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None]
    for words in (made.number, build.NUMBER, street.life.desk.unit.organisation.name, "10000", "壹万元整"):  # type: ignore[union-attr]
        assert words in cells, words
    return book


def brought_in(window: Visitor, book: Workbook, name: str, **result: Any) -> None:
    """The sheet with the bank's words typed into its first row, brought in."""
    page = book.active
    assert page is not None
    columns = {cell.value: cell.column for cell in page[3]}
    for title, value in result.items():
        page.cell(4, columns[title], value)
    out = io.BytesIO()
    book.save(out)
    form = window.page.locator("#import form")
    station.fill(form, file=[{"name": name, "mimeType": payments.XLSX, "buffer": out.getvalue()}])
    with window.page.expect_navigation():
        form.get_by_role("button", name="导入结果表").click()


def results(street: Street, payer: User, made: Batch, book: Workbook) -> None:
    """One yuan too little: the row is named and nothing is recorded. The right sheet then records it whole."""
    window = street.at(payer, made.get_absolute_url())
    told = {"拨付结果": "已拨付", "凭证号": "2021-0501", "拨付日期": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"}
    brought_in(window, book, "第一份.xlsx", **told, **{"拨付金额（元）": 9999})
    station.told(window, "整份表都没有登记")
    station.told(window, "金额9,999 元，应拨 10,000 元")
    window.look("对不上的结果表")
    payment = made.payments.get()
    assert (payment.state, payment.grant.stage) == (PaymentState.PENDING, Stage.BATCHED)
    brought_in(window, book, "第二份.xlsx", **{"拨付金额（元）": 10000})
    station.told(window, "已登记 1 笔拨付结果")


def bounced(street: Street, payer: User, grant: Grant) -> None:
    """退票: the unit looks at its account again; paid in another batch by hand, once, whatever two tabs say."""
    life = street.life
    [payment] = life.sent_out(grant, payer).payments.all()
    window = street.at(payer, payment.get_absolute_url())
    window.page.locator("#bounce summary").click()
    station.fill(station.form_to(window, "bounce"), on=f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", reason="账号户名不符")
    step(window, "bounce", "登记退票", "已登记退票")
    window.open("/payments/")
    station.told(window, "须重新核对收款账户：退票：账号户名不符")
    expect(window.page.locator("#ready [name=grants]")).to_have_count(0)
    unit = street.at(life.desk.unit, grant.get_absolute_url())
    station.told(unit, "账号户名不符")
    unit.look("退票后的补贴")
    step(unit, "recheck", "核对无误，重新拨付", "账户已重新核对")

    again = life.sent_out(build.reload(grant), payer).payments.get()
    one, stale = window.open(again.get_absolute_url()), window.tab()
    stale.goto(one.url)
    station.fill(station.form_to(window, "pay"), voucher_no="2022-0702")
    station.form_to(window, "pay").evaluate(TWICE)
    expect(one.locator("h1")).to_contain_text("批次 BF-")
    stale.get_by_label("拨付凭证号").fill("2022-0799")
    with stale.expect_navigation() as answer:
        stale.get_by_role("button", name="登记拨付").click()
    assert answer.value.status == TAKEN
    expect(stale.locator("#main")).to_contain_text("不能再登记拨付")
    stale.close()
    states = Payment.objects.filter(grant=grant).order_by("batch__serial").values_list("state", "voucher_no")
    assert list(states) == [(PaymentState.BOUNCED, ""), (PaymentState.PAID, "2022-0702")]
    unit.open(grant.get_absolute_url())
    station.told(unit, "累计70,000 元")
