"""Tabs of the station pages and of the lists beside the register: every room names its page here by its address.

A page that does not exist yet, or that this person's role may not open, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse

from jinhua_labor.accounts.models import User
from stations.registry.models import Station

STATION_TABS: tuple[tuple[str, str], ...] = (
    ("概况", "registry:station"),
    ("评分测算", "dashboard:station_score"),
    ("名册", "roster:station"),
    ("档案", "registry:papers"),
    ("台账", "ledger:station"),
    ("留用统计", "roster:retention"),
    ("参保查询", "roster:station_insurance"),
    ("专人与变更", "oversight:station_changes"),
    ("走访与整改", "oversight:station_visits"),
    ("对接活动", "oversight:station_activities"),
    ("投诉与事故", "oversight:station_safety"),
    ("满意度", "surveys:station"),
    ("协会检查", "oversight:station_assignments"),
    ("年度评估", "assessments:station"),
    ("经营期限", "oversight:station_renewals"),
    ("取消资格", "oversight:station_revocations"),
)
"""(label, address with the station's `pk`), in the order of the page."""

REGISTER_TABS: tuple[tuple[str, str], ...] = (
    ("工作站", "registry:stations"),
    ("用工企业", "registry:employers"),
    ("台账", "ledger:index"),
    ("人员归属", "roster:claims"),
    ("证书核验", "roster:certificates"),
    ("变更报备", "oversight:changes"),
    ("走访检查", "oversight:visits"),
    ("问题整改", "oversight:findings"),
    ("对接活动", "oversight:activities"),
    ("参保查询", "roster:district_insurance"),
    ("人数核算", "roster:recounts"),
    ("投诉", "oversight:complaints"),
    ("安全责任事故", "oversight:accidents"),
    ("满意度", "surveys:index"),
    ("协会检查", "oversight:assignments"),
    ("续期", "oversight:renewals"),
    ("取消资格", "oversight:revocations"),
)
"""Lists over all stations this person sees."""


def station_tabs(station: Station, user: User, *, here: str) -> list[dict[str, Any]]:
    """For `<c-tabs>` on every page of a station; `here` is the address of the page that is shown."""
    return _tabs(STATION_TABS, user, here, {"pk": station.pk})


def register_tabs(user: User, *, here: str) -> list[dict[str, Any]]:
    """For `<c-tabs>` above the register and the lists beside it."""
    return _tabs(REGISTER_TABS, user, here, {})


def _tabs(table: Iterable[tuple[str, str]], user: User, here: str, kwargs: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for label, name in table:
        try:
            url = reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
        if user.role in getattr(resolve(url).func, "allowed_roles", ()):
            found.append({"label": label, "url": url, "active": name == here, "name": name})
    return found
