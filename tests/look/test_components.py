"""The components as HTML: nothing a strict policy refuses, nothing unrendered, every state shown by icon and word."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client
from django.utils.html import escape
from django_cotton.compiler_regex import CottonCompiler

from jinhua_labor.accounts.enums import OrganisationState
from jinhua_labor.attachments.enums import FileState
from jinhua_labor.dashboard.navigation import PUBLIC_NAV, ROLE_NAV, USER_MENU
from jinhua_labor.dashboard.styleguide import FRAMES
from jinhua_labor.dashboard.templatetags import look
from jinhua_labor.policy.types import Tier
from jinhua_labor.review.states import State

COMPONENTS = sorted(settings.BASE_DIR.glob("templates/components/*.html"))
TEMPLATES = sorted(
    path
    for path in settings.BASE_DIR.glob("templates/**/*.html")
    if "documents" not in path.parts  # printed, never sent to a browser
)


def raw(source: str, **context: Any) -> str:
    """Components are compiled by the template loader; a string goes through the same compiler."""
    return Template(CottonCompiler().process(source)).render(Context(context))


def render(source: str, **context: Any) -> BeautifulSoup:
    return BeautifulSoup(raw(source, **context), "html.parser")


@pytest.fixture
def guide(client: Client, settings: Any) -> Any:
    settings.LOCAL = True
    return lambda query="": client.get("/styleguide/" + query).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("frame", FRAMES)
def test_页面没有未渲染的组件和内联样式脚本(guide: Any, frame: str) -> None:
    html = guide(f"?frame={frame}")
    page = BeautifulSoup(html, "html.parser")
    assert "<c-" not in html
    assert "{{" not in html
    assert "{%" not in html
    assert page.select("[style], style, [onclick], [onchange], [hx-on]") == []
    assert [s for s in page.select("script") if not s.get("src") and s.get("type") != "application/json"] == []
    assert len(page.select("h1")) == 1
    ids = [tag["id"] for tag in page.select("[id]")]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.django_db
def test_样式手册只在本机可见(client: Client, settings: Any) -> None:
    settings.LOCAL = False
    assert client.get("/styleguide/").status_code == 404


def test_样式手册展示每一个组件() -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES if path.parent.name != "components")
    used += "".join(path.read_text(encoding="utf-8") for path in COMPONENTS)
    missing = [path.stem for path in COMPONENTS if not re.search(rf"<c-{path.stem}[\s/>]", used)]
    assert [name for name in missing if name != "icon"] == []


def test_每个图标都在清单里() -> None:
    listed = set((settings.BASE_DIR / "static/img/icons.txt").read_text(encoding="utf-8").split("\n"))
    used = {state.icon for state in (*look.STATES.values(), *look.JUDGEMENTS.values(), look.UNKNOWN)}
    used |= {*look.NOTICE_ICONS.values(), *look.STEP_ICONS.values()}
    used |= {entry.icon for entries in (*ROLE_NAV.values(), PUBLIC_NAV, USER_MENU) for entry in entries}
    used |= {look.file_icon(kind) for kind in ("image/png", "application/pdf", "application/vnd.ms-excel", "")}
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"""{% icon ["']([\w-]+)["']""", text))
        used |= set(re.findall(r"""<c-icon[^>]*\bname="([\w-]+)\"""", text))
        used |= set(re.findall(r"""<c-(?:card|door|stat|empty|confirm)\b[^>]*\sicon="([\w-]+)\"""", text))
    assert used - listed == set()


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(Path(path).relative_to(settings.BASE_DIR / "templates"))
)
def test_模板不含内联样式与事件(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|hx-on|hx-vals=.js:|javascript:", text)


@pytest.mark.parametrize("state", [*State, *OrganisationState, *FileState], ids=str)
def test_每种状态都有颜色图标和文字(state: Any) -> None:
    pill = render('<c-pill :state="state" />', state=state.value).select_one(".pill")
    assert pill is not None
    assert pill.select_one("use")["href"].split("#")[1] != look.UNKNOWN.icon  # type: ignore[index,union-attr]
    assert len(pill.get_text(strip=True)) >= 2


def test_未知状态仍显示给定的文字() -> None:
    assert render('<c-pill state="NEW" label="待挂牌" />').get_text(strip=True) == "待挂牌"


class Sample(forms.Form):
    name = forms.CharField(label="单位名称", help_text="与营业执照一致")
    kind = forms.ChoiceField(label="用工形式", choices=[("a", "直接用工"), ("b", "派遣")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False)


def test_字段的提示与错误与输入框相连() -> None:
    html = render('<c-field :field="form.name" />', form=Sample({}))
    box = html.select_one("input")
    assert box is not None
    described = str(box["aria-describedby"]).split()
    assert [html.select_one(f"#{name}") is not None for name in described] == [True, True]
    assert box["aria-invalid"] == "true"
    assert "必填" in html.select_one("label").get_text()  # type: ignore[union-attr]


def test_单选题是一组并有题目() -> None:
    group = render('<c-field :field="form.kind" />', form=Sample({})).select_one("fieldset")
    assert group is not None
    assert group.select_one("legend").get_text(strip=True).startswith("用工形式")  # type: ignore[union-attr]
    assert len(group.select("label input[type=radio]")) == 2


def test_选填项不标必填() -> None:
    assert "必填" not in render('<c-field :field="form.note" />', form=Sample()).get_text()


def test_只读字段显示选项的文字且没有输入框() -> None:
    html = render('<c-field :field="form.kind" readonly="1" />', form=Sample(initial={"kind": "b"}))
    assert "派遣" in html.get_text()
    assert html.select("input") == []


def test_错误汇总逐条链接到字段() -> None:
    links = render('<c-errors :form="form" />', form=Sample({})).select("a")
    assert [link["href"] for link in links] == ["#id_name", "#id_kind"]


def test_没有错误就没有汇总() -> None:
    assert render('<c-errors :form="form" />', form=Sample()).get_text(strip=True) == ""


def test_外层变量不会漏进组件() -> None:
    html = render("<c-card>内容</c-card>", title="外层标题", footer="外层页脚")
    assert "外层" not in html.get_text()


def test_插入的文字一律转义() -> None:
    nasty = "<script>alert(1)</script>"
    sources = (
        '<c-card :title="x">y</c-card>',
        '<c-dl :rows="rows" />',
        '<c-pill :label="x" />',
        '<c-task url="#" :title="x" />',
        '<c-chart id="c" :title="x" :data="data" />',
    )
    for source in sources:
        html = raw(source, x=nasty, rows=[(nasty, nasty)], data={"labels": [nasty]})
        assert nasty not in html, source
        assert escape(nasty) in html, source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<c-deadline :date="day" :workdays_left="3" />', "剩 3 个工作日（6月12日前）"),
        ('<c-deadline :date="day" :workdays_left="0" />', "今天到期（6月12日前）"),
        ('<c-deadline :date="day" :overdue="2" />', "已超 2 个工作日（应于 6月12日前）"),
        ('<c-deadline :date="day" :workdays_left="-2" />', "已超 2 个工作日（应于 6月12日前）"),
        ('<c-deadline :date="day" paused="1" />', "补正中，暂停计时"),
        ("<c-deadline />", ""),
    ],
    ids=["还剩三天", "当天", "超期", "负数即超期", "补正暂停", "没有期限"],
)
def test_期限的说法(source: str, expected: str) -> None:
    with time_machine.travel("2026-06-09 09:00 +08:00", tick=False):
        assert render(source, day=dt.date(2026, 6, 12)).get_text().strip() == expected


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2024, 11, 1), "2024年11月1日前"),
        (dt.date(2026, 11, 1), "（11月1日前）"),
        (dt.date(2027, 1, 5), "2027年1月5日前"),
    ],
)
def test_不是今年的期限写明年份(day: dt.date, said: str) -> None:
    with time_machine.travel("2026-11-29 09:00 +08:00", tick=False):
        assert said in render('<c-deadline :date="day" :workdays_left="3" />', day=day).get_text()


@pytest.mark.parametrize(
    ("counted", "pending", "words", "bars"),
    [
        (0, 0, "还差 50 人", []),
        (44, 5, "还差 6 人", [("counted", 88.0), ("pending", 10.0)]),
        (44, 6, "待核后可能达到", [("counted", 88.0), ("pending", 12.0)]),
        (50, 0, "已达到 50 人", [("counted", 100.0)]),
        (75, 25, "已达到 50 人", [("counted", 75.0), ("pending", 25.0)]),
    ],
    ids=["空", "待核也不够", "待核后正好", "正好五十", "超过"],
)
def test_名册人数条(counted: int, pending: int, words: str, bars: list[tuple[str, float]]) -> None:
    html = render(f'<c-meter :counted="{counted}" :pending="{pending}" />')
    assert words in html.get_text()
    drawn = look.meter_bars(counted, pending, 50)
    assert [(bar.kind, bar.width) for bar in drawn["bars"]] == bars
    assert drawn["mark"] == 100 * 50 / max(50, counted + pending)


@pytest.mark.parametrize(
    ("total", "reward", "veto", "words", "here"),
    [
        (Decimal(0), 0, "", "不合格，没有奖励", []),
        (Decimal("59.5"), 0, "", "不合格，没有奖励", []),
        (Decimal(60), 40000, "", "4 万元", ["60 分以上（含）、70 分以下"]),
        (Decimal(78), 50000, "", "5 万元", ["70 分以上（含）、80 分以下"]),
        (Decimal(100), 70000, "", "7 万元", ["90 分以上（含）"]),
        (Decimal(95), 0, "发生事故", "一票否决，不合格", []),
    ],
    ids=["零分", "差半分", "恰好合格", "七十八分", "满分", "一票否决"],
)
def test_得分刻度(total: Decimal, reward: int, veto: str, words: str, here: list[str]) -> None:
    tiers = [Tier(60 + 10 * at, Decimal(40000 + 10000 * at)) for at in range(4)]
    template = '<c-scale :total="total" :reward="reward" :tiers="tiers" veto="{{ veto }}" />'
    html = render(template, total=total, reward=Decimal(reward), tiers=tiers, veto=veto)
    assert words in html.select_one(".scale-head").get_text()
    assert "仅供参考" in html.get_text()
    assert html.select_one(".scale-fill")["width"] == f"{total}%"
    rows = [[cell.get_text() for cell in row.find_all("td")] for row in html.select("tbody tr")]
    assert [row[0] for row in rows if row[2] == "在这一档"] == here
    assert not html.select("[style]")


@pytest.mark.parametrize(("done", "total", "percent"), [(0, 0, 0), (0, 10, 0), (999, 1000, 99), (10, 10, 100)])
def test_进度不提前到百分之百(done: int, total: int, percent: int) -> None:
    assert look.percent_of(done, total) == percent


def test_翻页保留筛选条件() -> None:
    assert look.page_query(QueryDict("q=贵州&page=2"), 3) == "?q=%E8%B4%B5%E5%B7%9E&page=3"


@pytest.mark.parametrize("role", ROLE_NAV)
def test_导航不超过八项且不重名(role: str) -> None:
    labels = [entry.label for entry in ROLE_NAV[role]]
    assert len(labels) <= 8
    assert len(labels) == len(set(labels))


def test_时间写作几小时前_悬停是准确时间(settings: Any) -> None:
    settings.PORTAL_TODAY = dt.date(2026, 6, 12)
    shown = render('<c-time :at="at" />', at=dt.datetime(2026, 6, 7, 4, 5, tzinfo=dt.UTC)).select_one("time")
    assert shown is not None
    assert shown.get_text() == "6月7日"
    assert shown["title"] == "2026年6月7日 12:05"
    assert shown["datetime"] == "2026-06-07T12:05:00+08:00"


def test_只有日期的不写钟点(settings: Any) -> None:
    settings.PORTAL_TODAY = dt.date(2026, 6, 12)
    day = render('<c-time :at="at" />', at=dt.date(2026, 6, 11)).select_one("time")
    assert day is not None
    assert (day.get_text(), day["title"]) == ("昨天", "2026年6月11日")
