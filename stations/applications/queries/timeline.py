"""沿革: what happened to a file in plain words for the reader, where it stands, what comes next and until when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jinhua_labor.accounts.enums import Role
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today
from jinhua_labor.core.dates import date_cn
from jinhua_labor.core.workdays import WorkCalendar, work_calendar
from jinhua_labor.review.models import Review, ReviewEvent
from jinhua_labor.review.states import Action, State
from jinhua_labor.rulebook import policy_on
from stations.applications.models import Application
from stations.registry.models import Station


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline, as `<c-timeline>` draws it; `url` leads to a paper of the step."""

    title: str
    at: dt.datetime
    by: str = ""
    text: str = ""
    state: str = "done"
    event: ReviewEvent | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next: whose turn, until when, working days left (negative: overdue; None where nothing is due)."""

    title: str
    text: str
    due_on: dt.date | None = None
    days_left: int | None = None

    @property
    def overdue(self) -> int:
        return -self.days_left if self.days_left is not None and self.days_left < 0 else 0


def timeline(application: Application, user: User) -> list[Entry]:
    """Every step so far, the oldest first. An applicant reads no opinion before the decision goes out."""
    review = application.review
    applicant = user.role == Role.OPERATOR
    entries = [
        Entry(
            "窗口开始录入" if application.channel == "COUNTER" else "开始填写",
            application.created_at,
            _who(review, applicant),
        )
    ]
    seen = False
    for event in review.events.select_related("by__organisation"):
        entries.append(_entry(event, applicant=applicant, again=seen))
        seen = seen or event.action == Action.SUBMIT
    if application.pledged_at and application.channel == "COUNTER":
        entries.append(Entry("申请单位确认承诺", application.pledged_at, application.pledged_by_name))
    if application.filed_at and not applicant:
        entries.append(Entry(f"初审备案 {application.filing_no}", application.filed_at, application.filed_by.name))
    if application.station_id and application.batch and application.batch.issued_at:
        document = application.batch.document
        entries.append(Entry(f"设立文件印发 {document.doc_no}", application.batch.issued_at, "区人社局"))
        entries += _plaque(application.station, applicant)
    return sorted(entries, key=lambda entry: entry.at)


def _plaque(station: Station, applicant: bool) -> list[Entry]:
    """挂牌, when it was recorded, which is when its photograph came; the plaque's own day stands in the words."""
    if station.plaque_on is None or station.plaque_by is None or station.plaque_photo is None:
        return []
    by = station.plaque_by.organisation if applicant else station.plaque_by
    text = f"铭牌编号 {station.plaque_no}，{date_cn(station.plaque_on)}挂牌"
    return [Entry("登记挂牌", station.plaque_photo.uploaded_at, by.name if by else "", text)]


def _who(review: Review, applicant: bool) -> str:
    by = review.created_by
    return "区就业服务中心" if applicant and by.is_office else by.name


_TITLES: dict[str, tuple[str, str]] = {  # what the applicant reads, what the offices read
    Action.SUBMIT: ("提交申请", "提交申请"),
    Action.WITHDRAW: ("撤回申请", "撤回申请"),
    Action.RETURN: ("需要补正，补正通知书已发出", "退回补正"),
    Action.LAPSE: ("逾期未补正，视为撤回", "逾期未补正，视为撤回"),
    Action.SCREEN: ("区就业服务中心完成初审，转区人社局审核", "初审"),
    Action.SEND_BACK: ("区人社局要求进一步核查，退回区就业服务中心", "退回初审"),
    Action.APPROVE: ("区人社局审核通过", "审核通过"),
    Action.REJECT: ("区人社局决定不予设立", "不予通过"),
}
_TOLD = frozenset({Action.WITHDRAW, Action.REJECT})
"""Steps whose words the applicant may read here; a return's are in its 补正通知书."""


def _entry(event: ReviewEvent, *, applicant: bool, again: bool) -> Entry:
    title = _TITLES[event.action][0 if applicant else 1]
    if event.action == Action.SUBMIT and again:
        title = "补正后重新提交"
    office = event.by.is_office
    by = (event.by.organisation.name if event.by.organisation else "") if applicant and office else event.by.name
    if event.by.role == Role.SYSTEM:
        by = "系统"
    text = event.comment if not applicant or event.action in _TOLD else ""
    if event.action == Action.SUBMIT:
        text = _papers(event)
    state = {Action.RETURN: "returned", Action.REJECT: "refused", Action.LAPSE: "refused"}.get(
        Action(event.action), "done"
    )
    return Entry(title, event.at, by, text, state, event)


def _papers(event: ReviewEvent) -> str:
    papers, roster = event.detail.get("papers"), event.detail.get("roster")
    if papers is None or roster is None:
        return ""
    people = f"计入 {roster['counted']} 人，待核 {roster['pending']} 人"
    return f"材料 {len(papers)} 个文件，名册 {roster['rows']} 行（{people}）"


def next_step(application: Application, user: User, *, day: dt.date | None = None) -> Next:
    """What happens next with this file and until when, in the words of its reader."""
    review, on = application.review, day or today()
    calendar, limits = work_calendar(), policy_on(on).policy.settings
    applicant = user.role == Role.OPERATOR
    left = _left(review.due_on, on, calendar)
    match review.state:
        case State.DRAFT:
            return Next("填写并提交", "填好申请表、上传材料、导入名册后提交。草稿自动保存，可以随时回来继续。")
        case State.SUBMITTED:
            who = "区就业服务中心将在" if applicant else "初审应在"
            text = f"{who}{limits.sla_initial_workdays}个工作日内完成初审；"
            text += f"材料需要补正的，{limits.notice_workdays}个工作日内一次性告知。"
            return Next("等待初审", text, review.due_on, left)
        case State.RETURNED:
            if applicant:
                text = "请按补正通知书逐项修改后重新提交；逾期未提交视为撤回，撤回后可以重新申请。"
                return Next("请补正后重新提交", text, review.due_on, left)
            return Next("等待补正", "等待申请单位补正，办理时限暂停计算；逾期视为撤回。", review.due_on, left)
        case State.SCREENED:
            text = f"{'区人社局将在' if applicant else '审核应在'}{limits.sla_final_workdays}个工作日内完成审核。"
            return Next("等待审核", text, review.due_on, left)
        case State.APPROVED:
            return _after_approval(application)
        case State.REJECTED:
            return Next("已作出不予设立决定", "理由、依据和救济途径见决定书；符合条件后可以重新申请，不受限制。")
        case State.LAPSED:
            return Next("逾期视为撤回", "可以重新申请，已填写的内容会自动带入新的申请。")
        case _:
            return Next("已撤回", "可以重新申请，已填写的内容会自动带入新的申请。")


def _after_approval(application: Application) -> Next:
    station = application.station
    if station is None:
        return Next("等待发文", "审核已通过，区人社局印发设立文件后，工作站即告设立。")
    if station.awaits_plaque:
        return Next("等待挂牌", f"工作站已于{date_cn(station.established_on)}设立，铭牌由区就业服务中心通知领取。")
    return Next("已设立", f"工作站已于{date_cn(station.established_on)}设立并挂牌。")


def _left(due_on: dt.date | None, day: dt.date, calendar: WorkCalendar) -> int | None:
    """Working days left including today's rest; 0 on the last day, negative by how many it is over."""
    if due_on is None:
        return None
    return calendar.workdays_between(day, due_on) if due_on >= day else -calendar.workdays_between(due_on, day)


def steps(application: Application) -> list[tuple[str, str, str]]:
    """提交 → 初审 → 审核 → 发文 → 挂牌 as `<c-steps>` draws it: label, state, note."""
    review, state = application.review, State(application.review.state)
    reached = {
        State.DRAFT: 0,
        State.RETURNED: 0,
        State.SUBMITTED: 1,
        State.SCREENED: 2,
        State.REJECTED: 2,
        State.APPROVED: 3,
    }
    at = reached.get(state, -1)
    if state == State.APPROVED and application.station_id:
        at = 4 if application.station.awaits_plaque else 5
    dates = [
        review.submitted_at and _day(review.submitted_at),
        review.screened_at and _day(review.screened_at),
        review.approved_at and _day(review.approved_at),
        application.station and _short(application.station.established_on),
        application.station and application.station.plaque_on and _short(application.station.plaque_on),
    ]
    found = []
    for index, label in enumerate(("提交", "初审", "审核", "发文", "挂牌")):
        if at < 0:
            shown = "done" if dates[index] else ""
        elif index < at:
            shown = "done"
        elif index == at:
            shown = {State.RETURNED: "returned", State.REJECTED: "refused"}.get(state, "current")
        else:
            shown = ""
        found.append((label, shown, (dates[index] or "") if shown == "done" else ""))
    return found


def _day(moment: dt.datetime) -> str:
    from django.utils import timezone

    return _short(timezone.localdate(moment))


def _short(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"
