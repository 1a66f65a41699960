"""The style guide: each component in each state, on a local checkout only. It needs no database row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jinhua_labor.accounts.permissions import public
from jinhua_labor.policy.types import Tier

from .context import Link
from .navigation import PUBLIC_NAV, ROLE_NAV, USER_MENU
from .templatetags.look import TOKENS

FRAMES = {"workspace": "base_workspace.html", "public": "base_public.html", "review": "base_review.html"}
LONG_NAME = "示例（金华市金东区）跨省劳务协作与人力资源开发服务集团股份有限公司贵州分公司"


class GuideForm(forms.Form):
    name = forms.CharField(label="单位名称", max_length=40, help_text="与营业执照一致，最多 40 个字。")
    code = forms.CharField(label="统一社会信用代码", max_length=18)
    day = forms.DateField(label="协议签订日期", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    province = forms.ChoiceField(label="协作省份", choices=[("", "请选择"), ("52", "贵州省"), ("53", "云南省")])
    kind = forms.ChoiceField(
        label="用工形式", choices=[("direct", "一律直接用工"), ("mixed", "有派遣人员")], widget=forms.RadioSelect
    )
    plan = forms.CharField(label="全年工作计划", widget=forms.Textarea, required=False, help_text="300 字以内。")
    agreed = forms.BooleanField(label="承诺所填内容和所附材料真实、有效")
    paper = forms.FileField(label="劳务协作协议", required=False, help_text="PDF 或图片，单个不超过 20 MB。")


class Visitor:
    """Portal variables of a page as a centre clerk sees it, without an account."""

    name = "测试甲"
    organisation = SimpleNamespace(name="金东区就业服务中心")

    def get_role_display(self) -> str:
        return "区就业服务中心"


def _links(entries: tuple[Any, ...]) -> tuple[Link, ...]:
    return tuple(Link(e.label, e.icon, f"#{e.icon}", e.name) for e in entries)


def _portal(request: HttpRequest) -> SimpleNamespace:
    nav = _links(ROLE_NAV["CENTRE"])
    large = request.GET.get("large") == "1"
    return SimpleNamespace(
        name="金东区省外劳务协作工作站管理服务平台",
        short_name="劳务协作工作站平台",
        role="CENTRE",
        person=Visitor(),
        is_office=True,
        nav=nav,
        main_nav=nav[:4],
        more_nav=nav[4:],
        public_nav=_links(PUBLIC_NAV),
        user_menu=_links(USER_MENU),
        active=nav[1].url if request.GET.get("frame") != "public" else "#home",
        unread=2,
        waiting=7,
        banners=[SimpleNamespace(kind="warn", text="试行期已于2023年12月31日届满，延期尚未确认。受理和审核照常进行。")],
        sponsor={"sponsor": "示例主办单位", "phone": "0579-0000000"},
        large_text=large,
        large_text_url="?large=0" if large else "?large=1",
        urls=dict.fromkeys(("home", "public_home", "inbox", "waiting", "search", "login"), "#here")
        | {"logout": "#here"},
    )


def _rows() -> list[SimpleNamespace]:
    names = ("测试甲", "阿卜杜热合曼·买买提吐尔逊", "𠮷田测试", "测试丁")
    states = ("COUNTED", "PENDING", "EXCLUDED", "COUNTED")
    return [
        SimpleNamespace(row=7 + i, name=n, state=s, employer=LONG_NAME if i == 1 else "示例制造有限公司", months=i)
        for i, (n, s) in enumerate(zip(names, states, strict=True))
    ]


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component; `?frame=public|review` shows the other frames, `?large=1` the large type."""
    if not settings.LOCAL:
        raise Http404
    now, today = timezone.now(), dt.date(2026, 6, 12)
    good = GuideForm(initial={"name": "示例人力资源有限公司", "province": "52", "kind": "direct"}, prefix="good")
    context = {
        "frame": FRAMES.get(request.GET.get("frame", ""), FRAMES["workspace"]),
        "portal": _portal(request),
        "messages": [
            Message(constants.SUCCESS, "已保存。附件1 的修改从现在起生效。"),
            Message(constants.ERROR, "名册没有导入：文件是加密的，请取消密码后重新上传。问题编号 7f3a91。"),
        ],
        "tokens": list(TOKENS),
        "states": ["DRAFT", "SUBMITTED", "RETURNED", "SCREENED", "APPROVED", "REJECTED", "WITHDRAWN", "LAPSED"],
        "good": good,
        "bad": GuideForm({"bad-name": "", "bad-code": "123"}, prefix="bad"),
        "rows": _rows(),
        "long_name": LONG_NAME,
        "page_obj": Paginator(range(213), 20).page(4),
        "now": now - dt.timedelta(hours=2),
        "today": today,
        "steps": [
            ("提交", "done", "4月12日"),
            ("初审", "returned", "待补正"),
            ("审核", "", ""),
            ("发文", "", ""),
            ("挂牌", "", ""),
        ],
        "steps_done": [("选文件", "done"), ("核对", "current"), ("提交", "")],
        "tabs": [
            {"label": "申请表", "url": "#a", "active": True, "count": ""},
            {"label": "材料", "url": "#b", "count": "7/7"},
            {"label": "名册", "url": "#c", "count": "58/62"},
            {"label": "沿革", "url": "#d", "count": ""},
        ],
        "facts": [
            ("申请单位", LONG_NAME),
            ("统一社会信用代码", "91330703MA00000000"),
            ("协作地", "贵州省示例州示例县"),
            ("协议期限", "2026年4月1日至2029年3月31日"),
        ],
        "timeline": [
            {"title": "已提交", "at": now, "by": "示例人力资源有限公司", "text": "受理编号 SL-330703-20260412-001"},
            {
                "title": "退回补正",
                "at": now,
                "by": "区就业服务中心",
                "text": "劳务协作协议缺少对方盖章页。",
                "state": "returned",
            },
            {"title": "等您补正后重新提交", "state": "current"},
            {"title": "审核", "state": "next"},
        ],
        "chart": {
            "kind": "bar",
            "labels": ["1月", "2月", "3月", "4月", "5月", "6月"],
            "series": [{"name": "输送人数", "data": [12, 30, 58, 41, 23, 9]}],
        },
        "scored": {
            "total": Decimal(78),
            "low": Decimal(41),
            "reward": Decimal(50000),
            "tiers": [Tier(60 + 10 * at, Decimal(40000 + 10000 * at)) for at in range(4)],
        },
        "file": SimpleNamespace(
            name="劳务协作协议（贵州省示例县人社局）.pdf",
            size=2_345_678,
            pages=6,
            content_type="application/pdf",
            state="OK",
        ),
        "lost": SimpleNamespace(name="营业执照.jpg", size=345_678, content_type="image/jpeg", state="MISSING"),
        "papers": [
            {"label": "申请表", "url": "#p1", "kind": "image"},
            {"label": "营业执照", "url": "#p2", "kind": "image", "defects": 1},
            {"label": "许可证", "url": "#p3", "kind": "image"},
        ],
    }
    return render(request, "styleguide.html", context)
