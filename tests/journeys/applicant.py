"""What an operator does: register, fill in 附件1, put papers into their slots, import a roster, hand in.

Every step is made of plain links and buttons, so that the same steps walk with and without JavaScript.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from playwright.sync_api import FilePayload, Locator, expect

from jinhua_labor.core.clock import today
from jinhua_labor.demo.accounts import PASSWORD
from jinhua_labor.demo.people import UNITS

from . import crew
from .visitor import Visitor

TERM = today().replace(month=12, day=31, year=today().year + 1)
SIGNED = today() - dt.timedelta(days=60)
LEGAL_REP = "测试旅"
AREA = {"area_province": "62", "area_city": "示例州", "area_county": "样例县"}
TEXTS = {
    "area_city": "示例州",
    "area_county": "样例县",
    "head": "测试庚",
    "head_phone": "13000000001",
    "partner_name": "样例县公共就业服务中心",
    "partner_head": "示例辛",
    "partner_phone": "13000000002",
    "station_address": "浙江省金华市金东区示例街道样例路9号",
    "term_to": f"{TERM}",
    "profile": "本单位在金东区从事人力资源服务，与示例州样例县长期开展劳务协作，" * 2,
    "legal_rep": LEGAL_REP,
    "licence_no": "（浙）人服证字〔2025〕第0799000077号",
    "licence_issuer": "示例区人力资源和社会保障局",
    "licence_from": "2025-01-05",
    "agreement_signed_on": f"{SIGNED}",
    "agreement_from": f"{SIGNED}",
    "agreement_to": f"{TERM}",
    "agreement_measures": "岗位信息互通，定期组织招聘，跟踪服务六个月。",
    "liaison_name": "测试庚",
    "liaison_phone": "13000000003",
}
CHOICES = {"area_province": "62", "partner_kind": "PUBLIC_SERVICE"}
SLOTS = ("M1", "M2", "M3", "M4A", "M4B", "M4C", "M7", "PLAN")


def register(visitor: Visitor) -> crew.Unit:
    """承建单位注册 from the sign-in page; signed in afterwards, waiting for the centre."""
    unit = crew.new_unit()
    visitor.open("/account/login/")
    visitor.follow("承建单位注册")
    visitor.look("注册")
    page = visitor.page
    for label, text in (
        ("单位名称", unit.name),
        ("统一社会信用代码", unit.code),
        ("人力资源服务许可证编号", TEXTS["licence_no"]),
        ("联系人", "测试旅客"),
        ("联系电话", "13000000009"),
        ("登录账号", unit.username),
    ):
        page.get_by_label(label).fill(text)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password_again]").fill(PASSWORD)
    page.get_by_label("已阅读并同意").check()
    visitor.press("提交注册")
    if "/login/" in page.url:
        visitor.sign_in(unit.username, PASSWORD)
    return unit


def begin(visitor: Visitor) -> str:
    """我要申请: the address of the new draft."""
    visitor.open("/applications/start/")
    visitor.look("我要申请")
    visitor.press("开始填写申请")
    expect(visitor.page.locator("#annex1")).to_be_visible()
    return visitor.page.url.split("?")[0]


def field(visitor: Visitor, name: str) -> Locator:
    return visitor.page.locator(f'#annex1 [name="{name}"]')


def sites(visitor: Visitor, name: str) -> list[Locator]:
    """The same field of every site."""
    return visitor.page.locator(f'#annex1 [name^="site-"][name$="-{name}"]').all()


def fill_in(visitor: Visitor, *, skip: Sequence[str] = ()) -> None:
    """All of 附件1 but what is skipped; saving is the caller's."""
    for name, value in CHOICES.items():
        if name not in skip:
            field(visitor, name).select_option(value)
    for name, text in TEXTS.items():
        if name not in skip:
            field(visitor, name).fill(text)
    for name, text in (("city", "示例州"), ("county", "样例县"), ("address", "样例街2号")):
        for place in sites(visitor, name):
            place.fill(text)
    for place in sites(visitor, "province"):
        place.select_option("62")
    for place in sites(visitor, "tenure"):
        place.select_option("LEASED")
    for name, text in (("lease_from", f"{SIGNED}"), ("lease_to", f"{TERM}")):
        for place in sites(visitor, name):
            place.fill(text)
    for place in visitor.page.locator('#annex1 [name$="-facilities"][value="电脑"]').all():
        place.check()


def slot(visitor: Visitor, key: str) -> Locator:
    return visitor.page.locator(f"#slot-{key}")


def put(visitor: Visitor, key: str, *files: FilePayload) -> None:
    """Chooses files and sends them, by click."""
    place = slot(visitor, key)
    place.locator("input[type=file]:not(.dropzone-camera-input)").first.set_input_files(list(files))
    place.locator(".slot-upload button[type=submit]").first.click()
    expect(slot(visitor, key).locator(".file-row").first).to_be_visible()


def put_all(visitor: Visitor, url: str, *, skip: Sequence[str] = ()) -> None:
    """A paper in every slot, photographs and a lease for each site."""
    visitor.open(f"{url}?tab=materials")
    for key in SLOTS:
        if key not in skip:
            put(visitor, key, crew.scan(f"{key} 扫描件"))
    keys = visitor.page.locator('[id^="slot-M6-"], [id^="slot-LEASE-"]').evaluate_all(
        "all => all.map(e => e.id.slice(5))"
    )
    for key in keys:
        put(visitor, key, crew.photo("场所照片") if key.startswith("M6") else crew.scan("租赁合同"))


def import_roster(visitor: Visitor, url: str, file: FilePayload) -> None:
    """① 选文件; ends on the checking page."""
    visitor.open(f"{url}?tab=roster")
    visitor.follow("导入名册")
    visitor.look("名册选文件")
    visitor.page.locator("input[type=file]").first.set_input_files(file)
    visitor.page.locator("#main form button[type=submit]").first.click()
    expect(visitor.page.get_by_role("heading", name="核对名册")).to_be_visible()


def last_import(visitor: Visitor, url: str) -> str:
    """The checking page of the import that is under way."""
    visitor.open(f"{url}?tab=roster")
    return visitor.page.get_by_role("link", name="继续核对").get_attribute("href") or ""


def match_employers(visitor: Visitor) -> int:
    """Each employer's name once; how many there were."""
    matched = 0
    while visitor.page.locator("form.match").count():
        form = visitor.page.locator("form.match").first
        text = form.locator("[name=text]").input_value()
        form.get_by_label("统一社会信用代码").fill(UNITS[text].credit_code)
        form.get_by_role("button", name="保存企业代码").click()
        expect(visitor.page.get_by_text(f"「{text}」已对应到")).to_be_visible()
        matched += 1
    return matched


def commit(visitor: Visitor) -> None:
    """用工形式 and 告知同意 declared, the good rows committed."""
    form = visitor.page.locator("#commit form").first
    form.get_by_label("直接用工").check()
    form.get_by_label("逐人告知").check()
    form.get_by_role("button", name="提交").click()


def hand_in(visitor: Visitor, url: str) -> None:
    """提交申请, signed; ends on the file."""
    visitor.open(f"{url}submit/")
    if visitor.page.locator("[name=signer]").count():
        visitor.page.get_by_label("机构法人签名").fill(LEGAL_REP)
        visitor.page.locator("[name=pledged]").check()
    visitor.press("提交申请")
    expect(visitor.page.locator("#main .pill").first).to_be_visible()
