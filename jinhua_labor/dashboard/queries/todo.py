"""待办: what waits for this person, the most urgent first, from all rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from jinhua_labor.accounts.enums import OrganisationState, Role
from jinhua_labor.accounts.models import Organisation, User
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.dashboard.queries.assessments import assessments
from jinhua_labor.dashboard.queries.subsidies import subsidies
from jinhua_labor.dashboard.queries.supervision import supervision
from jinhua_labor.mailbox.models import Message
from jinhua_labor.notices.models import Notice, NoticeState, Objection
from jinhua_labor.review.models import Review
from jinhua_labor.review.queries import inbox
from jinhua_labor.review.states import CENTRE_STARTED, Kind, State
from jinhua_labor.rulebook.queries import to_confirm
from stations.applications.queries.establishment import batches, waiting
from stations.registry.models import Station
from stations.registry.queries.directory import awaiting_plaque
from stations.roster.models import SkillCertificate
from stations.roster.queries import claims
from stations.roster.queries.retention import owed

FILES_SHOWN = 8
ROWS_SHOWN = 5
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list: what, whose, in which state, until when."""

    title: str
    url: str
    sub: str = ""
    state: str = ""
    label: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Todo:
    """The lines shown, and how many there are beside them with where the rest stands."""

    tasks: tuple[Task, ...]
    more: tuple[tuple[str, str], ...] = ()


def todo(user: User) -> Todo:
    """The list of this person's role; a fixed number of queries whatever waits."""
    groups = {
        Role.OPERATOR: (_files, _assessments, _subsidies, _retention, _supervision, _plaques),
        Role.CENTRE: (
            _files,
            _assessments,
            _subsidies,
            _supervision,
            _roster_checks,
            _registrations,
            _objections,
            _plaques,
        ),
        Role.BUREAU: (_files, _documents, _notices, _subsidies, _versions, _supervision, _plaques),
        Role.FINANCE: (_subsidies,),
        Role.ASSOCIATION: (_supervision,),
        Role.ADMIN: (),
    }.get(Role(user.role), ())
    tasks: list[Task] = []
    more: list[tuple[str, str]] = []
    for group in groups:
        found, rest = group(user)
        tasks += found
        more += rest
    return Todo(tuple(tasks), tuple(more))


def messages(user: User) -> list[Message]:
    """The newest unread messages."""
    return list(Message.objects.visible_to(user).unread()[:ROWS_SHOWN])


Group = tuple[list[Task], list[tuple[str, str]]]


def _cut(rows: Iterable[Task], total: int, shown: int, words: str, url: str) -> Group:
    return list(rows), ([(words.format(total), url)] if total > shown else [])


def _files(user: User) -> Group:
    """Files whose next step is this person's (review)."""
    operator = user.role == Role.OPERATOR
    found = inbox(user)
    if operator:
        found = found.exclude(kind=Kind.GRANT)  # drafted by the system; `_subsidies` says what is to be confirmed
    rows = list(found[: FILES_SHOWN + 1])
    url = reverse("applications:list" if operator else "review:inbox")
    tasks = [
        Task(
            title=f"{row.get_kind_display()} {row.number or '（草稿）'}",
            url=row.get_absolute_url(),
            sub=_own_words(row.state)
            if operator
            else row.title
            if row.kind in CENTRE_STARTED
            else row.organisation.name,
            state=row.state,
            label=row.label_for(user),
            due_on=row.due_on,
        )
        for row in rows[:FILES_SHOWN]
    ]
    return tasks, ([("查看全部待办", url)] if len(rows) > FILES_SHOWN else [])


def _whose(row: Review) -> str:
    """The unit that handed it in; what it is about where the centre began it."""
    return row.title if row.kind in CENTRE_STARTED else row.organisation.name


def _own_words(state: str) -> str:
    return "按补正通知书修改后重新提交" if state == State.RETURNED else "填好后提交"


def _documents(user: User) -> Group:
    """审核通过，等待发文, and batches whose document is not issued yet."""
    open_batches = list(batches(user, issued=False)[:ROWS_SHOWN])
    tasks = [
        Task(row.title, row.get_absolute_url(), f"{row.size} 件申请，等待印发后登记", "draft", "文件起草中")
        for row in open_batches
    ]
    count = waiting(user).count()
    if count:
        tasks.insert(
            0, Task(f"{count} 件申请等待发文", reverse("applications:batches"), "组批后印发设立文件", "approved")
        )
    return tasks, []


def _versions(user: User) -> Group:
    """政策版本 drafted by somebody else, to be confirmed."""
    rows = to_confirm(user)
    tasks = [
        Task(str(row), row.get_absolute_url(), f"{row.drafted_by.name} 拟稿，{row.doc_no}", "with-bureau", "待确认")
        for row in rows[:ROWS_SHOWN]
    ]
    return _cut(tasks, len(rows), ROWS_SHOWN, "全部 {} 份待确认的政策版本", reverse("rulebook:list"))


def _notices(user: User) -> Group:
    """公示公告 prepared by somebody else, to be released."""
    rows = Notice.objects.visible_to(user).filter(state=NoticeState.READY).exclude(prepared_by=user)
    rows = rows.select_related("prepared_by").order_by("prepared_at")
    total, url = rows.count(), f"{reverse('notices:manage')}?state={NoticeState.READY}"
    shown = [
        Task(
            f"审核发布：{row.title}",
            reverse("notices:desk", args=[row.pk]),
            f"{row.get_kind_display()} · {row.prepared_by.name}起草",
            row.state,
        )
        for row in rows[:ROWS_SHOWN]
    ]
    return _cut(shown, total, ROWS_SHOWN, "共 {} 条公示公告待发布", url)


def _objections(user: User) -> Group:
    rows = Objection.objects.visible_to(user).open().select_related("notice")[:ROWS_SHOWN]
    tasks = [
        Task(
            f"答复异议：{row.notice.title}",
            f"{reverse('notices:desk', args=[row.notice_id])}#objection-{row.pk}",
            f"{row.name}提出",
            "PENDING",
            "待答复",
            row.answer_due,
        )
        for row in rows
    ]
    return tasks, []


def _registrations(user: User) -> Group:
    """单位注册 that waits for the centre."""
    rows = Organisation.objects.visible_to(user).operators().filter(state=OrganisationState.PENDING)
    total, url = rows.count(), reverse("accounts:registrations")
    shown = [
        Task(
            f"确认注册：{row.name}",
            reverse("accounts:registration", args=[row.pk]),
            "核对营业执照和许可证",
            "SUBMITTED",
            "待确认",
        )
        for row in rows.order_by("registered_at")[:ROWS_SHOWN]
    ]
    return _cut(shown, total, ROWS_SHOWN, "共 {} 个单位待确认", url)


def _supervision(user: User) -> Group:
    """Changes, problems, visits and activities; for the association its checks."""
    return [Task(*row) for row in supervision(user, day=today())], []


def _assessments(user: User) -> Group:
    """自评, drafts to look at, sheets to score, answers of stations."""
    return [Task(*row) for row in assessments(user, day=today())], []


def _subsidies(user: User) -> Group:
    """Accounts to confirm and to look at, 公示稿, steps of 审批, money to come back."""
    return [Task(*row) for row in subsidies(user, day=today())], []


def _retention(user: User) -> Group:
    """留用统计 that the operator's stations owe."""
    stations = list(Station.objects.visible_to(user).order_by("number"))
    found = owed(user, [station.pk for station in stations])
    tasks = [
        Task(
            f"{found[station.pk][0]} 人待统计留用",
            reverse("roster:retention", args=[station.pk]),
            station.name,
            "PENDING",
            "待统计",
            due_on=found[station.pk][1],
        )
        for station in stations
        if station.pk in found
    ]
    words = "共 {} 个工作站待统计留用"
    return _cut(tasks[:ROWS_SHOWN], len(tasks), ROWS_SHOWN, words, reverse("registry:stations"))


def _roster_checks(user: User) -> Group:
    """Persons two stations registered, and certificates to be looked up: one line each, the page lists them."""
    claimed = _number(claims.waiting(user))
    certificates = _number(SkillCertificate.objects.visible_to(user, of_stations=True).unchecked())
    tasks = []
    if claimed:
        tasks.append(Task(
            f"{claimed} 人由两个工作站登记", reverse("roster:claims"), "认定归属一次，两站各自核算", "PENDING", "待认定"
        ))  # fmt: skip
    if certificates:
        tasks.append(Task(
            f"{certificates} 本技能证书待核验", reverse("roster:certificates"), "在发证机构网站核验后登记结果",
            "PENDING", "待核验",
        ))  # fmt: skip
    return tasks, []


def _number(rows: QuerySet[Any]) -> str:
    """How many, as far as a line of 待办 has to know it: nothing is counted beyond a thousand. Empty for none."""
    found = rows.order_by().values("pk")[: COUNTED + 1].count()
    return f"超过 {COUNTED}" if found > COUNTED else str(found or "")


def _plaques(user: User) -> Group:
    """待挂牌."""
    rows = awaiting_plaque(user)
    total, url = rows.count(), f"{reverse('registry:stations')}?state=PLAQUE"
    words = "铭牌由区就业服务中心通知领取" if user.role == Role.OPERATOR else "登记铭牌编号、日期和照片"
    shown = [
        Task(row.name, row.get_absolute_url(), f"{date_cn(row.established_on)}设立，{words}", "PENDING", "待挂牌")
        for row in rows[:ROWS_SHOWN]
    ]
    return _cut(shown, total, ROWS_SHOWN, "共 {} 个工作站待挂牌", url)
