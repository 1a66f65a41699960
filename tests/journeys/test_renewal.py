"""续期 (R-19): the unit asks, the centre returns it and looks again, the bureau approves and issues the document."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from playwright.sync_api import expect

from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.demo.accounts import PASSWORD
from stations.registry.enums import PaperKind, Side
from stations.registry.models import Station
from tests.meta import rows, rows_ledger

from . import crew, people, station
from .portal import Portal
from .visitor import PHONE, Visitor

Window = Callable[..., Visitor]
LEFT = 30
"""Days the old term has left."""


def ending_soon(user: User) -> Station:
    """A station with all its papers, whose term ends next month."""
    place: Station = rows.station(
        operator=user.organisation,
        name=f"{user.organisation}驻甘肃省示例州样例县工作站",
        term_to=today() + dt.timedelta(days=LEFT),
    )
    for kind in (PaperKind.LICENCE, PaperKind.AGREEMENT):
        rows_ledger.station_paper(station=place, kind=kind, title=kind.label, party="示例县公共就业服务中心")
    for side in Side:
        where = {"place": uuid.uuid4(), "side": side, "address": "测试街1号", "facilities": ["电脑"]}
        rows_ledger.station_paper(station=place, kind=PaperKind.SITE, **where)
    return place


def test_续期_申请_退回补正_手机上补正_初审_审核_发文_期限延长(inside: Portal, visitor: Window) -> None:
    user = people.operator()
    place, until = ending_soon(user), station.day(LEFT + 730)
    unit = visitor("承建单位").sign_in(user.username, PASSWORD)
    page = unit.open("/home/")
    unit.look("承建单位首页提示届满")
    with page.expect_navigation():
        unit.follow(f"申请续期：{place.name}")
    unit.look("经营期限")
    with page.expect_navigation():
        unit.follow("申请续期")
    unit.look("申请续期")
    form = page.locator("#main form.form")
    station.send(unit, "提交申请")
    station.told(unit, "请填写申请的经营期限止")
    unit.look("申请续期没有填")
    station.fill(
        form,
        term_to=until,
        party="示例县公共就业服务中心",
        valid_from=station.day(),
        valid_to=until,
        files=[crew.scan("续签的劳务协作协议")],
        statement="NONE",
    )
    station.send(unit, "提交申请")
    station.told(unit, "已提交续期申请")
    unit.look("已提交的续期")
    address = page.url
    unit.open(f"/oversight/stations/{place.pk}/renewals/new/")
    station.told(unit, "已有一件续期正在办理")
    unit.look("不能再申请一件")

    clerk = visitor("中心").sign_in("chushen", PASSWORD)
    clerk.open(address)
    clerk.look("续期的初审")
    clerk.page.locator("#return summary").click()
    station.fill(station.form_to(clerk, "return"), answer="协议第二页缺盖章。\n请写明协议对方的全称。")
    station.send(clerk, "退回补正", within=station.form_to(clerk, "return"))
    station.told(clerk, "已退回补正")
    clerk.look("退回补正的续期")

    phone = visitor("承建单位", viewport=PHONE, has_touch=True).sign_in(user.username, PASSWORD)
    phone.open(address)
    station.told(phone, "协议第二页缺盖章")
    phone.look("手机上看补正要求")
    with phone.page.expect_navigation():
        phone.follow("补正后重新提交")
    phone.look("手机上补正")
    station.fill(
        phone.page.locator("#main form.form"),
        party="甘肃省示例州样例县公共就业服务中心",
        files=[crew.photo("盖章的协议")],
    )
    station.send(phone, "重新提交")
    station.told(phone, "已补正并重新提交")

    clerk.open(address)
    steps = station.form_to(clerk, "screen")
    station.fill(steps, recommendation="DISAGREE")
    station.send(clerk, "报区人社局审核", within=steps)
    station.told(clerk, "请写明不同意的理由")
    clerk.look("不同意须写明理由")
    station.fill(steps, recommendation="AGREE")
    station.send(clerk, "报区人社局审核", within=steps)
    station.told(clerk, "已报区人社局审核")

    bureau = visitor("局").sign_in("shenhe", PASSWORD)
    bureau.open(address)
    bureau.look("续期的审核")
    station.send(bureau, "审核通过", within=station.form_to(bureau, "approve"))
    station.told(bureau, "待发文")
    bureau.look("续期待发文")
    number = f"金东人社〔{today().year}〕{crew.serial()}号"
    station.fill(
        station.form_to(bureau, "issue"), doc_no=number, issued_on=station.day(), upload=[crew.scan("续期批复盖章件")]
    )
    station.send(bureau, "登记发文", within=station.form_to(bureau, "issue"))
    station.told(bureau, number)
    bureau.look("已续期")

    unit.open(address)
    station.told(unit, number)
    with page.expect_navigation():
        unit.follow(place.name)
    expect(page.locator("#main")).to_contain_text(f"至{date_cn(dt.date.fromisoformat(until))}")
    unit.look("续期之后的经营期限")
