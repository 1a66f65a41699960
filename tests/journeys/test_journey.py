"""设立 from the first click to the public directory: operator, centre, bureau, public."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from jinhua_labor.core.clock import today
from jinhua_labor.demo.accounts import PASSWORD
from jinhua_labor.demo.people import Worker

from . import applicant, crew, office
from .visitor import Visitor

Window = Callable[..., Visitor]
SERIAL = crew.serial()


def test_从注册到公开名录(visitor: Window) -> None:
    operator, unit, url = registered(visitor)
    annex1(operator)
    told_what_is_missing(operator, url)
    materials(operator, url)
    people = crew.crew(56)
    roster(operator, url, people, unit)
    handed_in(operator, url)

    centre = visitor("中心").sign_in("chushen", PASSWORD)
    centre.look("首页")
    office.look_up(centre, url, people)
    returned(centre, url)
    mended(operator, url)
    screened(centre, url)

    bureau = visitor("局").sign_in("shenhe", PASSWORD)
    approved(bureau, url)
    issued(bureau, unit)
    public(visitor("公众"), unit)
    plaque(centre, operator, unit)


def registered(visitor: Window) -> tuple[Visitor, str, str]:
    """The operator registers, the centre lets it in, a draft is begun."""
    operator = visitor("承建单位")
    name = applicant.register(operator).name
    expect(operator.page.get_by_text("等待区就业服务中心确认")).to_be_visible()
    operator.look("等待确认")
    office.confirm_registration(visitor("受理").sign_in("shouli", PASSWORD), name)
    operator.open("/home/")
    operator.look("首页")
    return operator, name, applicant.begin(operator)


def annex1(operator: Visitor) -> None:
    """Typed field by field: saved by itself, said so, still there after a reload."""
    operator.look("空白申请表")
    applicant.fill_in(operator)
    operator.page.locator("h1").click()
    expect(operator.page.locator("[data-autosave-state]").first).to_contain_text(re.compile(r"已保存 \d\d:\d\d"))
    operator.page.reload()
    for field, text in applicant.TEXTS.items():
        expect(applicant.field(operator, field)).to_have_value(text)
    operator.look("填好的申请表")


def materials(operator: Visitor, url: str) -> None:
    """One bad file among good ones: it is refused with its reason, they stay; previewed, replaced, removed."""
    page = operator.open(f"{url}?tab=materials")
    operator.look("空白材料")
    applicant.put(operator, "M1", crew.scan("营业执照正本"), crew.broken(), crew.photo("营业执照副本"))
    slot = applicant.slot(operator, "M1")
    expect(slot.locator(".file-row")).to_have_count(2)
    expect(slot.locator(".notice-error")).to_contain_text("「营业执照.pdf」没有上传")
    operator.look("一个坏文件")
    slot.get_by_text("预览营业执照副本").click()
    expect(slot.locator("img.preview-image")).to_be_visible()
    slot.get_by_role("button", name=re.compile("移除.*营业执照副本")).click()
    expect(applicant.slot(operator, "M1").locator(".file-row")).to_have_count(1)
    drop(operator, "M2")
    applicant.put_all(operator, url, skip=("M1", "M2"))
    expect(page.locator(".tabs a", has_text="材料")).to_contain_text("12/12")
    operator.look("齐全的材料")


def drop(operator: Visitor, key: str) -> None:
    """A file let fall onto the slot with the mouse."""
    zone = applicant.slot(operator, key).locator("[data-dropzone]")
    operator.page.wait_for_load_state()  # the script that takes what falls has come
    data = operator.page.evaluate_handle(
        """bytes => { const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], '许可证.pdf', { type: 'application/pdf' })); return data; }""",
        list(crew.scan("许可证")["buffer"]),
    )
    for event in ("dragenter", "dragover", "drop"):
        zone.dispatch_event(event, {"dataTransfer": data})
    expect(zone.get_by_text("许可证.pdf")).to_be_visible()
    applicant.slot(operator, key).locator(".slot-upload button[type=submit]").click()
    expect(applicant.slot(operator, key).locator(".file-row")).to_have_count(1)


def told_what_is_missing(operator: Visitor, url: str) -> None:
    """核对并提交 lists what is missing and leads there, instead of failing."""
    page = operator.open(f"{url}submit/")
    operator.look("缺少的内容")
    expect(page.get_by_role("button", name="提交申请")).to_have_count(0)
    missing = page.locator("#main .gaps a")
    assert missing.count() >= len(applicant.SLOTS)
    missing.first.click()
    target = page.evaluate("location.hash")
    expect(page.locator(target)).to_be_visible()


def roster(operator: Visitor, url: str, people: list[Worker], unit: str) -> None:
    """61 rows, five of them wrong: all told at once, one mended here, the good ones committed, the others stay."""
    page = operator.open(f"{url}?tab=roster")
    operator.look("空白名册")
    applicant.import_roster(operator, url, crew.roster(people, crew.wrong_rows(), unit=unit))
    operator.look("核对名册")
    for words in ("E+17）", "校验码不符", "不是日期", "姓名为空", "户籍为空"):
        expect(page.locator("#problems")).to_contain_text(words)
    with page.expect_download() as given:
        operator.press("下载标注版")
    assert given.value.suggested_filename.endswith(".xlsx")
    assert applicant.match_employers(operator) == 2
    page.locator("#problems").get_by_role("link", name=re.compile("第 64 行")).first.click()
    operator.look("更正一行")
    page.get_by_label("户籍").fill(crew.HUKOU)
    operator.press("保存并重新核对")
    page.wait_for_load_state()
    operator.open(applicant.last_import(operator, url))
    expect(page.locator("#commit")).to_contain_text("提交 57 行，暂存 4 行")
    applicant.commit(operator)
    expect(page.get_by_text("已提交 57 行")).to_be_visible()
    operator.look("提交以后")
    operator.open(f"{url}?tab=roster")
    expect(page.locator(".meter")).to_contain_text("待核 57 人")
    operator.look("名册")


def handed_in(operator: Visitor, url: str) -> None:
    """Submitted once, with a number; the receipt is a PDF."""
    page = operator.open(f"{url}submit/")
    operator.look("可以提交")
    applicant.hand_in(operator, url)
    expect(page.locator("h1 .number")).to_have_text(re.compile(r"SL-330703-\d{8}-\d{3}"))
    operator.look("已提交")
    operator.open(f"{url}?tab=history")
    operator.look("沿革")
    with page.expect_download() as given:
        page.get_by_role("link", name="收件回执").click()
    assert given.value.path().read_bytes().startswith(b"%PDF")


def returned(centre: Visitor, url: str) -> None:
    """Side by side with the papers, by keys; three marks become one 补正通知书."""
    page = centre.open(url)
    centre.look("申请")
    centre.follow("并排审阅材料")
    expect(page.locator("[data-viewer-tools]")).to_be_visible()  # the script that listens to the keys has come
    name = page.locator("[data-viewer-name]")
    first = name.inner_text()
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(name).not_to_have_text(first)
    second = name.inner_text()
    page.keyboard.press("ArrowRight")
    expect(name).not_to_have_text(second)
    page.keyboard.press("ArrowLeft")
    expect(name).to_have_text(second)
    centre.look("审阅")
    office.mark(centre, "劳务协作工作站地址", "地址缺门牌号，请补充。")
    office.mark(centre, "劳务协作协议", "协议没有双方盖章，请重新上传。")
    office.mark(centre, "3 测试", "入职时间与合同不一致，请核对。")
    expect(page.locator("#tray-title")).to_have_text("补正通知书（3）")
    page.locator("#tray summary").click()
    centre.look("补正通知书")
    page.get_by_role("button", name="退回补正，发出通知书").click()
    expect(page.get_by_text("已退回补正")).to_be_visible()


def mended(operator: Visitor, url: str) -> None:
    """Only what was marked can be changed; 「3/3 已改」 and handed in again."""
    page = operator.open("/home/")
    operator.look("退回后的首页")
    page = operator.open(url)
    operator.look("退回补正")
    expect(page.locator("#told")).to_contain_text("0/3 已改")
    typed = page.locator("#annex1 input:not([type=hidden]), #annex1 select, #annex1 textarea")
    assert {box.get_attribute("name") for box in typed.all()} == {"station_address"}
    applicant.field(operator, "station_address").fill("浙江省金华市金东区示例街道样例路9号2楼201室")
    page.locator("h1").click()
    expect(page.locator("[data-autosave-state]").first).to_contain_text("已保存")
    operator.open(f"{url}?tab=materials")
    expect(page.locator("#told")).to_contain_text("1/3 已改")
    slot = applicant.slot(operator, "M4B")
    expect(page.locator(".slot", has=page.locator("form"))).to_have_count(1)
    slot.get_by_text("替换").first.click()
    slot.locator("input[type=file]").first.set_input_files(crew.scan("协议（双方盖章）"))
    slot.get_by_role("button", name="替换文件").click()
    expect(page.locator("#told")).to_contain_text("2/3 已改")
    page.locator("#told").get_by_role("link", name=re.compile("测试")).click()
    operator.look("名册一人")
    operator.follow("更正这一行")
    operator.look("更正一人")
    page.get_by_label("岗位").fill("装配工")
    operator.press("保存更正")
    expect(page.get_by_text("登记已更正")).to_be_visible()
    operator.open(url)
    expect(page.locator("#told")).to_contain_text("3/3 已改")
    operator.open(f"{url}submit/")
    operator.look("重新提交")
    applicant.hand_in(operator, url)


def screened(centre: Visitor, url: str) -> None:
    """What changed is shown before and after; every condition judged; 备案号 given with 同意."""
    page = centre.open(f"{url}review/changes/")
    centre.look("只看改动")
    for words in ("201室", "协议（双方盖章）", "装配工"):
        expect(page.locator("#main")).to_contain_text(words)
    centre.open(f"{url}review/")
    office.judge_all(centre)
    expect(page.locator("#obstacles")).to_contain_text("可以同意")
    centre.look("判断完毕")
    office.screen(centre)
    centre.open(url)
    expect(page.locator("#main")).to_contain_text("备案号 BA-")


def approved(bureau: Visitor, url: str) -> None:
    bureau.look("首页")
    bureau.open("/reviews/")
    bureau.look("待办")
    bureau.open(url)
    bureau.look("申请")
    bureau.press("审核通过")
    expect(bureau.page.get_by_text("已审核通过，待发文")).to_be_visible()


def issued(bureau: Visitor, unit: str) -> None:
    """One document: draft as PDF and DOCX, then number, date and signed copy establish the station."""
    page = bureau.open("/applications/establishment/")
    bureau.look("发文")
    page.locator("tr", has_text=unit).get_by_role("checkbox").check()
    bureau.press("将所选申请组批")
    bureau.look("一批")
    for label, start in (("查看草稿", b"%PDF"), ("下载 Word 版", b"PK")):
        address = page.get_by_role("link", name=label).get_attribute("href")
        assert address
        assert bureau.context.request.get(f"{bureau.portal.url}{address}").body().startswith(start)
    page.get_by_label("发文字号").fill(f"金东人社[{today().year}] {SERIAL} 号")
    page.get_by_label("成文日期").fill(f"{today()}")
    page.locator("#id_signed").set_input_files(crew.scan("设立文件盖章件"))
    page.get_by_label("公开盖章件").check()
    bureau.press("登记发文并设立工作站")
    expect(page.locator(".page-head")).to_contain_text("已发文")
    expect(page.locator("#main")).to_contain_text(f"金东人社〔{today().year}〕{SERIAL}号")
    bureau.look("已发文")


def public(citizen: Visitor, unit: str) -> None:
    """Anybody finds the station; no worker is named there."""
    page = citizen.open("/")
    citizen.look("首页")
    citizen.follow("工作站名录", within=page.locator(".public-nav"))
    page.get_by_label("承建单位、市县或编号").fill(unit)
    citizen.press("查询名录")
    citizen.look("名录")
    page.locator("#main tbody th a").click()
    citizen.look("工作站")
    expect(page.locator("#main")).to_contain_text(unit)
    expect(page.locator("#main")).to_contain_text(f"金东人社〔{today().year}〕{SERIAL}号")
    assert "测试甲" not in page.locator("#main").inner_text()


def plaque(centre: Visitor, operator: Visitor, unit: str) -> None:
    """待挂牌 until the centre records the plaque."""
    page = centre.open("/stations/")
    centre.look("工作站")
    page.locator("tr", has_text=unit).get_by_role("link").first.click()
    expect(page.locator(".page-head")).to_contain_text("待挂牌")
    centre.look("待挂牌")
    page.get_by_label("铭牌编号").fill("JD-188")
    page.get_by_label("挂牌日期").fill(f"{today()}")
    page.locator("#id_photo").set_input_files(crew.photo("铭牌"))
    centre.press("登记挂牌")
    expect(page.locator(".page-head")).not_to_contain_text("待挂牌")
    operator.open("/home/")
    operator.look("设立后的首页")
