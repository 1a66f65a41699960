"""Template helpers of the components: icons, state pills, form controls, bars drawn as SVG."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jinhua_labor.core import clock, dates
from jinhua_labor.core.templatetags.portal_format import workdays_left

register = template.Library()


class StateLook(NamedTuple):
    """How a state is shown: colour token, icon and word, never the colour alone."""

    token: str
    icon: str
    word: str


TOKENS: dict[str, StateLook] = {
    "draft": StateLook("draft", "pencil", "草稿"),
    "with-centre": StateLook("with-centre", "clock", "待初审"),
    "returned": StateLook("returned", "arrow-back-up", "待补正"),
    "with-bureau": StateLook("with-bureau", "hourglass", "待审核"),
    "approved": StateLook("approved", "circle-check", "审核通过"),
    "refused": StateLook("refused", "circle-x", "不予通过"),
}
STATES: dict[str, StateLook] = {
    **TOKENS,
    "DRAFT": TOKENS["draft"],
    "SUBMITTED": TOKENS["with-centre"],
    "RETURNED": TOKENS["returned"],
    "SCREENED": TOKENS["with-bureau"],
    "APPROVED": TOKENS["approved"],
    "REJECTED": TOKENS["refused"],
    "WITHDRAWN": StateLook("draft", "arrow-bar-left", "已撤回"),
    "LAPSED": StateLook("draft", "clock-off", "逾期视为撤回"),
    # who counts (R-02 … R-07)
    "COUNTED": StateLook("approved", "circle-check", "计入"),
    "EXCLUDED": StateLook("refused", "circle-minus", "不计"),
    "PENDING": StateLook("returned", "clock", "待核"),
    # rows of a roster being checked, and the import as a whole
    "GOOD": StateLook("approved", "check", "可提交"),
    "BAD": StateLook("refused", "alert-circle", "有问题"),
    "ASK": StateLook("returned", "help-circle", "待确认"),
    "KNOWN": StateLook("draft", "copy-check", "已登记"),
    "DROPPED": StateLook("draft", "ban", "不导入"),
    "READING": StateLook("with-centre", "loader-2", "正在读取"),
    "CHOOSING": StateLook("returned", "help-circle", "待选工作表"),
    "CHECKING": StateLook("with-centre", "list-check", "核对中"),
    "COMMITTED": StateLook("approved", "circle-check", "已提交"),
    "DISCARDED": StateLook("draft", "trash", "已放弃"),
    # stations and what is published about them
    "RECTIFY": StateLook("returned", "alert-triangle", "限期整改"),
    "RECTIFYING": StateLook("returned", "alert-triangle", "整改中"),
    "REVOKING": StateLook("refused", "gavel", "取消程序中"),
    "REVOKED": StateLook("refused", "ban", "已取消"),
    "EXPIRED": StateLook("draft", "calendar-due", "经营期限届满"),
    "READY": StateLook("with-centre", "clock", "待发布"),
    "PUBLISHED": StateLook("approved", "speakerphone", "已发布"),
    "AGREE": StateLook("approved", "check", "同意"),
    "DISAGREE": StateLook("refused", "x", "不同意"),
    # the ledger: an item, and the whole of it
    "COMPLETE": StateLook("approved", "circle-check", "齐全"),
    "PARTIAL": StateLook("returned", "chart-pie", "部分"),
    "ABSENT": StateLook("refused", "circle-x", "缺少"),
    "NOT_DUE": StateLook("draft", "minus", "暂无需要"),
    "GREEN": StateLook("approved", "circle-check", "齐全"),
    "AMBER": StateLook("returned", "clock", "待补齐或待核"),
    "RED": StateLook("refused", "alert-circle", "有缺项"),
    # results, titles and their 复核
    "PASSED": StateLook("approved", "circle-check", "合格"),
    "HELD": StateLook("approved", "award", "有效"),
    "RECOGNISED": StateLook("approved", "award", "已认定"),
    # organisations, jobs, files, mail
    "ACTIVE": StateLook("approved", "circle-check", "正常"),
    "REFUSED": TOKENS["refused"],
    "DISABLED": StateLook("draft", "lock", "已停用"),
    "QUEUED": StateLook("draft", "clock", "排队中"),
    "RUNNING": StateLook("with-centre", "loader-2", "处理中"),
    "DONE": StateLook("approved", "circle-check", "已完成"),
    "FAILED": StateLook("refused", "alert-triangle", "未完成"),
    "OK": StateLook("approved", "circle-check", "正常"),
    "QUARANTINED": StateLook("returned", "shield-check", "待查毒"),
    "MISSING": StateLook("refused", "file-off", "文件缺失"),
    "WAITING": StateLook("with-centre", "clock", "待发送"),
    "SENT": StateLook("approved", "send", "已发送"),
    "DEAD": StateLook("refused", "alert-triangle", "发送失败"),
}
UNKNOWN = StateLook("draft", "point", "")
NOTICE_ICONS = {"info": "info-circle", "ok": "circle-check", "warn": "alert-triangle", "error": "alert-octagon"}
STEP_ICONS = {"done": "check", "current": "point", "returned": "arrow-back-up", "refused": "x"}
JUDGEMENTS = {
    "yes": StateLook("yes", "check", "符合"),
    "no": StateLook("no", "x", "不符合"),
    "open": StateLook("open", "minus", "待核"),
}


@register.simple_tag
@lru_cache(maxsize=2000)
def icon(name: str, label: str = "", classes: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a label. A page shows fifty, mostly the same: made once each."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, href
        )
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', classes, href
    )


@register.filter
def state_look(state: object) -> StateLook:
    """Colour, icon and word of a state: a review state, a verdict, or a token of the style guide itself."""
    return STATES.get(str(getattr(state, "value", state)), UNKNOWN)


@register.simple_tag
def pill(state: object, label: str = "") -> SafeString:
    """`<c-pill>` as a tag: the same, several times cheaper in the rows of a long list."""
    shown = state_look(state)
    return format_html(
        '<span class="pill pill-{}">{}{}</span>', shown.token, icon(shown.icon), label or shown.word or str(state)
    )


@register.filter
def judgement_look(value: object) -> StateLook:
    """✓/✗/— of a condition from True, False or None, or the judgement MET, UNMET."""
    key = {True: "yes", False: "no", None: "open", "": "open", "MET": "yes", "UNMET": "no"}.get(value, value)  # type: ignore[call-overload]
    return JUDGEMENTS.get(str(key), JUDGEMENTS["open"])


@register.filter
def notice_icon(kind: str) -> str:
    return NOTICE_ICONS.get(kind, "info-circle")


@register.filter
def message_kind(tags: str) -> str:
    """Kind of notice for a message of django.contrib.messages."""
    for tag, kind in (("error", "error"), ("warning", "warn"), ("success", "ok")):
        if tag in tags.split():
            return kind
    return "info"


@register.filter
def step_icon(state: str) -> str:
    return STEP_ICONS.get(state, "")


@register.filter
def control_kind(field: BoundField) -> str:
    """Which markup a field needs: check, group (radios and checkboxes), file, select or text."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, FileInput):
        return "file"
    return "select" if isinstance(widget, Select) else "text"


CONTROL_CLASS = {"check": "form-check-input", "select": "form-select", "group": "", "file": "form-control"}


@register.simple_tag
def control(field: BoundField, hint: str = "") -> SafeString:
    """The widget with the classes of the look, tied to its hint and error for screen readers."""
    attrs: dict[str, Any] = {}
    classes = CONTROL_CLASS.get(control_kind(field), "form-control")
    own = field.field.widget.attrs.get("class", "")
    if field.errors:
        classes += " is-invalid"
    if joined := f"{own} {classes}".strip():
        attrs["class"] = joined
    described = [f"{field.auto_id}_helptext"] if hint or field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if described and not field.use_fieldset:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.filter
def shown_value(field: BoundField) -> str:
    """The value as words, for a field that cannot be changed now; — when empty."""
    value = field.value()
    choices = getattr(field.field, "choices", None)
    if choices:
        wanted = {str(v) for v in value} if isinstance(value, list | tuple | set) else {str(value)}
        words = [str(word) for key, word in choices if str(key) in wanted and str(key)]
        return "、".join(words) or "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value) if value not in (None, "") else "—"


@register.simple_tag
def page_query(query: object, number: int, name: str = "page") -> str:
    """The query string of another page of the same list, filters kept."""
    params = query.copy() if isinstance(query, QueryDict) else QueryDict(str(query or ""), mutable=True)
    params[name] = str(number)
    return f"?{params.urlencode()}"


class Bar(NamedTuple):
    kind: str
    x: float
    width: float


@register.simple_tag
def meter_bars(counted: int, pending: int, needed: int) -> dict[str, Any]:
    """Geometry of the roster meter in a box 100 wide: counted, pending, and the mark of what is needed."""
    scale = max(needed, counted + pending, 1)
    first = round(100 * counted / scale, 2)
    second = round(100 * pending / scale, 2)
    bars = [Bar("counted", 0, first), Bar("pending", first, second)]
    return {
        "bars": [bar for bar in bars if bar.width],
        "mark": round(100 * needed / scale, 2),
        "scale": scale,
        "short": max(needed - counted, 0),
    }


@register.filter
def percent_of(done: int, total: int) -> int:
    """Whole percent, never 100 before everything is done."""
    return 100 if total and done >= total else min(99, int(100 * done / total)) if total else 0


@register.filter
def page_numbers(paginator: Paginator[Any], number: int) -> list[int]:
    """First, last and the neighbours of the page; 0 stands for a gap."""
    return [n if isinstance(n, int) else 0 for n in paginator.get_elided_page_range(number, on_each_side=2, on_ends=1)]


@register.filter
def file_icon(content_type: str) -> str:
    kind = str(content_type or "")
    if kind.startswith("image"):
        return "photo"
    if "pdf" in kind:
        return "file-type-pdf"
    return "file-spreadsheet" if "sheet" in kind or "excel" in kind else "file"


@register.simple_tag
def moment(at: dt.datetime | dt.date | None, exact: bool | str = "") -> SafeString:
    """`<c-time>` as a tag: a moment as 「2 小时前」 with the exact time behind it, or exact at once; — for None.

    A day has no time: it is 「今天」, 「昨天」 or the day itself.
    """
    if not at:
        return SafeString("—")
    # Nothing here comes from a person: numbers, and words of our own. A list shows one a row.
    if isinstance(at, dt.datetime):
        at = at.astimezone(clock.SHANGHAI)
        written, near = dates.datetime_cn(at), dates.ago_cn(at, clock.now())
    else:
        written, near = dates.date_cn(at), dates.day_ago_cn(at, clock.today())
    stamp = at.isoformat()
    if exact:
        return SafeString(f'<time datetime="{stamp}">{written}</time>')
    return SafeString(f'<time datetime="{stamp}" title="{written}">{near}</time>')


class Deadline(NamedTuple):
    left: int | None
    overdue: int


@register.simple_tag
def deadline_of(day: dt.date | None, left: int | None, overdue: int) -> Deadline:
    """Working days left or overdue; counted from the day itself where the caller did not."""
    if left is None and not overdue and day is not None:
        left = workdays_left(day)
        if day < clock.today():
            # A day off between the due day and today leaves no working day in between: overdue all the same.
            return Deadline(None, max(1, -(left or 0)))
    if left is not None and left < 0:
        return Deadline(None, -left)
    return Deadline(left, overdue)


def _named(day: dt.date) -> str:
    """The day as people say it: with its year only where it is not this one."""
    year = "" if day.year == clock.today().year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


@register.simple_tag
def deadline(date: dt.date | None = None, left: int | None = None, overdue: int = 0, paused: object = "") -> SafeString:
    """`<c-deadline>` as a tag: working days left or overdue and the day itself; nothing without a day and a number."""
    if paused:
        return format_html('<span class="deadline deadline-paused">{}补正中，暂停计时</span>', icon("player-pause"))
    found = deadline_of(date, left, overdue)
    # Numbers and words of our own only, as in `moment`.
    day = f'<time datetime="{date.isoformat()}">{_named(date)}</time>前' if date else ""
    if found.overdue:
        behind = f"（应于 {day}）" if day else ""
        return SafeString(
            f'<span class="deadline deadline-over">{icon("alert-triangle")}'
            f"<span>已超 {int(found.overdue)} 个工作日{behind}</span></span>"
        )
    if found.left is None:
        return SafeString()
    soon = " deadline-soon" if found.left <= 1 else ""
    words = f"剩 {int(found.left)} 个工作日" if found.left else "今天到期"
    behind = f"（{day}）" if day else ""
    return SafeString(f'<span class="deadline{soon}">{icon("clock")}<span>{words}{behind}</span></span>')
