"""Navigation as a table: who sees which entry, in which order.

An entry names its page; one the role may not open is left out. At most eight entries a role, the first four stand in
the phone's bottom bar.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    label: str
    icon: str
    name: str
    admins: bool = False
    """Only for those who manage the people of their organisation."""


HOME = Entry("首页", "home", "dashboard:home")
WAITING = Entry("待办", "checklist", "review:inbox")
APPLICATIONS = Entry("申请", "file-text", "applications:list")
ROSTER = Entry("名册", "users", "roster:index")
STATIONS = Entry("工作站", "building-community", "registry:stations")
ASSESSMENTS = Entry("评估", "clipboard-check", "assessments:list")
GRANTS = Entry("补贴", "receipt", "grants:list")
PAYMENTS = Entry("拨付", "coin", "payments:list")
BUDGET = Entry("预算", "chart-bar", "payments:budget")
DOCUMENTS = Entry("发文", "file-certificate", "applications:batches")
REGISTRATIONS = Entry("单位注册", "user-check", "accounts:registrations")
ASSIGNMENTS = Entry("受托检查", "clipboard-check", "oversight:assignments")
NOTICES = Entry("公示公告", "speakerphone", "notices:manage")
MESSAGES = Entry("消息", "bell", "mailbox:inbox")
PEOPLE = Entry("人员", "user-cog", "accounts:people", admins=True)
JOURNAL = Entry("操作日志", "history", "audit:list")
VERSIONS = Entry("政策版本", "book", "rulebook:list")

ROLE_NAV: dict[str, tuple[Entry, ...]] = {
    "OPERATOR": (HOME, APPLICATIONS, ROSTER, ASSESSMENTS, GRANTS, STATIONS, MESSAGES, PEOPLE),
    "CENTRE": (HOME, WAITING, APPLICATIONS, ASSESSMENTS, ROSTER, STATIONS, GRANTS, NOTICES),
    "BUREAU": (HOME, WAITING, APPLICATIONS, ASSESSMENTS, DOCUMENTS, STATIONS, GRANTS, NOTICES),
    "ASSOCIATION": (HOME, ASSIGNMENTS, MESSAGES),
    "FINANCE": (HOME, WAITING, GRANTS, PAYMENTS, BUDGET, STATIONS, MESSAGES),
    "AUDITOR": (HOME, APPLICATIONS, STATIONS, JOURNAL, ASSESSMENTS, ROSTER, NOTICES, GRANTS),
    "ADMIN": (HOME, PEOPLE, MESSAGES, JOURNAL),
}

PUBLIC_NAV: tuple[Entry, ...] = (
    Entry("首页", "home", "dashboard:public_home"),
    Entry("通知公示", "speakerphone", "notices:public"),
    Entry("工作站名录", "building-community", "registry:directory"),
    Entry("办事指南", "map-2", "dashboard:guide"),
    Entry("政策文件", "book", "dashboard:policy"),
    Entry("投诉", "message-report", "oversight:complain"),
)

BELOW: dict[str, Entry] = {
    "excellent": ASSESSMENTS,
    "ledger": STATIONS,
    "oversight": STATIONS,
    "surveys": STATIONS,
    "payees": GRANTS,
    "payments": GRANTS,
}
"""Rooms without an entry of their own: where their pages belong, by the name the addresses have in common."""

USER_MENU: tuple[Entry, ...] = (
    VERSIONS,
    REGISTRATIONS,
    ROSTER,
    Entry("我的账号", "user-circle", "accounts:me"),
    Entry("修改密码", "key", "account_change_password"),
    Entry("两步验证", "shield-check", "mfa_index"),
    Entry("登录设备", "device-laptop", "usersessions_list"),
    Entry("本单位人员", "user-cog", "accounts:people", admins=True),
)
