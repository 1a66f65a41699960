"""The whole life of one station, 2021-04 … 2026-05, in the browser where money is decided (第五章): a portal of its
own, empty but for its offices, on whose clock the years go by; `tests/subsidies/life.py` tells what lies between."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
import time_machine
from playwright.sync_api import expect

from assessments.excellent.services import titles
from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.rulebook.book import forget_book
from stations.applications.models import Application
from stations.oversight.models import Revocation
from stations.registry.enums import StationState
from stations.registry.models import Station
from subsidies.grants.enums import GrantKind, RecoveryStage
from subsidies.grants.models import Grant, Recovery
from tests import factories
from tests.databases import migrated
from tests.documents.paper import text as words_of
from tests.stations.applications import build as application
from tests.subsidies import build
from tests.subsidies.life import ESTABLISHED, REVOKED, Life, amounts
from tests.subsidies.payments import build as payments

from . import clock, crew, paying, station
from . import portal as portals
from .paying import Street, step, turned_away
from .portal import Portal
from .visitor import Visitor

Window = Callable[..., Visitor]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Portal]:
    """Migrated and empty; it is the morning of 2021-04-15."""
    folder = tmp_path_factory.mktemp("life")
    database, media, file = portals.name_of(f"life_{worker_id}"), folder / "media", folder / "clock"
    media.mkdir()
    clock.set_file(file, dt.datetime.combine(ESTABLISHED, dt.time(1), dt.UTC))
    portals.create(database, template=migrated())
    try:
        with portals.served(database, media, folder, clock=file) as running:
            yield running
    finally:
        portals.drop(database)
        shutil.rmtree(media, ignore_errors=True)


@pytest.fixture
def life(inside: Portal) -> Iterator[Life]:
    forget_book()
    start = dt.datetime.combine(ESTABLISHED, dt.time(1), dt.UTC)
    with time_machine.travel(start, tick=True) as here:
        told = clock.Clock(inside.log.parent / "clock", here)
        told.move_to(start)
        unit = factories.user(Role.OPERATOR, is_org_admin=True, name="测试甲")
        offices = ((Role.CENTRE, "测试中心甲"), (Role.CENTRE, "测试中心乙"), (Role.BUREAU, "测试局甲"))
        offices = (*offices, (Role.BUREAU, "测试局乙"), (Role.FINANCE, "测试财务甲"))
        yield Life(told, build.Desk(unit, *(factories.user(role, name=name) for role, name in offices)))
    forget_book()


# --- the extension, the end -------------------------------------------------------------------------------------------


def extended(street: Street) -> None:
    """延期 recorded by one official of the bureau, confirmed by another."""
    desk = street.life.desk
    page = (bureau := street.at(desk.bureau, "/rulebook/new/")).page
    station.fill(page.locator("#main form.form"), kind="EXTENSION", subject="延长试行期")
    station.send(bureau, "建立草稿")
    station.fill(
        page.locator("#main form.draft-form"),
        decided_by="测试局",
        doc_no="测试人社〔2024〕5号",
        doc_date="2024-02-01",
        effective_to="2026-12-31",
    )
    station.send(bureau, "保存本页")
    if page.get_by_role("link", name="回到总览").count():
        with page.expect_navigation():
            bureau.follow("回到总览")
    step(bureau, "submit", "提请确认", "另一位工作人员核对确认")
    leader = street.at(desk.leader, page.url)
    with leader.page.expect_navigation():
        leader.follow("核对并确认")
    step(leader, "confirm", "核对无误，确认", "测试人社〔2024〕5号")
    forget_book()


def revoked(street: Street, place: Station) -> Revocation:
    """取消资格 for 弄虚作假 decided; title and station end, nothing more is paid."""
    row = street.life.defended(place)
    bureau = street.at(street.life.desk.bureau, row.get_absolute_url())
    form = station.form_to(bureau, "decide")
    paper = [crew.scan("取消资格决定书盖章件")]
    station.fill(form, doc_no="金东人社〔2024〕9号", issued_on=f"{REVOKED}", upload=paper)
    station.send(bureau, "决定取消资格")
    station.told(bureau, "已决定取消")
    assert titles.lapse_revoked(day=REVOKED, by=User.objects.system()) == 1
    place.refresh_from_db()
    assert place.state == StationState.REVOKED
    assert build.derive() == 0
    row.refresh_from_db()
    return row


def asked_back(street: Street, grant: Grant) -> Recovery:
    """The bureau names what its decision is about; the letter goes out with its last day."""
    desk = street.life.desk
    page = (bureau := street.at(desk.bureau, "/subsidies/recoveries/")).page
    with page.expect_navigation():
        page.locator("#main a.task-link").first.click()
    page.get_by_label(f"{grant}").check()
    page.get_by_label("决定认定的事实").fill("第二年度名册有虚报。")
    bureau.look("指明决定涉及的补贴")
    station.send(bureau, "立案追回")
    station.told(bureau, "已立案1件")
    case = Recovery.objects.get()
    unit = street.sits(desk.unit)
    turned_away(unit, case.get_absolute_url(), 404)  # nothing is known of it before the letter
    bureau.open(case.get_absolute_url())
    bureau.look("待发的追回通知")
    station.fill(station.form_to(bureau, "notify"), due_on="2024-06-20")
    step(bureau, "notify", "发出追回通知", "追回通知已发出")
    unit.open(case.get_absolute_url())
    unit.look("单位收到追回通知")
    href = unit.page.get_by_role("link", name="追回通知").get_attribute("href")
    letter = words_of(unit.context.request.get(f"{unit.portal.url}{href}").body())
    for words in (case.number, "60,000", "2024年6月20日"):
        assert words in letter, words
    return case


def returned(street: Street, case: Recovery) -> None:
    finance = street.at(street.life.desk.finance, case.get_absolute_url())
    station.fill(station.form_to(finance, "return"), returned_on="2024-06-17", voucher_no="2024-0617")
    step(finance, "return", "登记退回", "已登记退回")
    unit = street.at(street.life.desk.unit, case.get_absolute_url())
    station.told(unit, "已追回")
    case.refresh_from_db()
    assert case.stage == RecoveryStage.RETURNED


def applies(street: Street, again: Application) -> None:
    """On the last barred day the page says until when; on the next day the application is in."""
    life = street.life
    unit = street.at(life.desk.unit, f"{again.get_absolute_url()}submit/")
    station.told(unit, "2026年5月21日")
    expect(unit.page.get_by_role("button", name="提交申请")).to_have_count(0)
    unit.look("还不能再申报")
    life.on(2026, 5, 22)
    unit = street.at(life.desk.unit, f"{again.get_absolute_url()}submit/")
    unit.page.get_by_label("机构法人签名").fill(again.legal_rep)
    unit.page.locator("[name=pledged]").check()
    station.send(unit, "提交申请")
    expect(unit.page.locator("h1 .number")).to_contain_text("SL-330703-20260522-")


def test_一个站点的一生_钱在网页上决定_拨付_退票_追回(life: Life, visitor: Window) -> None:
    street, desk = Street(life, visitor), life.desk
    place = life.established()
    paying.account(street)
    build.derive()
    setup = build.grant_of(place)
    paying.decided(street, setup)
    paying.announced(street, setup)
    life.after_notice(setup)
    paying.approved(street, setup)
    payer = payments.finance(name="测试财务乙")
    made = paying.batched(street, payer, build.reload(setup))
    paying.results(street, payer, made, paying.papers(street, payer, made))
    unit = street.at(desk.unit, setup.get_absolute_url())
    station.told(unit, "累计10,000 元")

    life.on(2022, 6, 27)
    years = [life.good_year(place, 1, 92)]
    build.derive()
    first = build.grant_of(place, GrantKind.YEARLY, 1)
    paying.bounced(street, payer, life.approved(desk.reviewed(first)))
    life.on(2023, 6, 26)
    years.append(life.good_year(place, 2, 85))
    build.derive()
    second = life.paid(build.grant_of(place, GrantKind.YEARLY, 2), "2023-0701")

    life.recognised(place, years)
    build.derive()
    reward = desk.screened(build.grant_of(place, GrantKind.EXCELLENT))
    life.on(2024, 2, 5)
    bureau = street.at(desk.bureau, reward.get_absolute_url())
    station.told(bureau, "延期")
    expect(station.form_to(bureau, "approve")).to_have_count(0)
    bureau.look("等延期文件的补贴")
    extended(street)
    bureau.open(reward.get_absolute_url())
    station.fill(station.form_to(bureau, "approve"), opinion="延期文件已有，同意。")
    step(bureau, "approve", "审核通过", "已审核")
    life.finished(build.reload(reward), "2024-0201")

    life.failed_year(place)
    life.on(2024, 5, 8)
    revoked(street, place)
    payments.nothing_twice()
    case = asked_back(street, second)
    life.on(2024, 6, 18)
    returned(street, case)
    assert amounts(place) == {
        ("SETUP", None): (Decimal(10000), 0),
        ("YEARLY", 1): (Decimal(70000), 0),
        ("YEARLY", 2): (Decimal(60000), Decimal(60000)),
        ("EXCELLENT", None): (Decimal(20000), 0),
    }
    life.on(2026, 5, 21)
    applies(street, application.filled(desk.unit))
