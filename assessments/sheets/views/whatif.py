"""试算: what a draft version of the policy would have made of the years that are finished (R-48, R-49)."""

from __future__ import annotations

import io
import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from assessments.sheets.queries.whatif import WhatIf, what_if
from jinhua_labor.accounts.permissions import UserRequest, allow
from jinhua_labor.audit.services import record
from jinhua_labor.core.clock import today
from jinhua_labor.core.figures import plain
from jinhua_labor.policy.types import Policy, PolicyError
from jinhua_labor.rulebook.models import READERS, Version
from jinhua_labor.rulebook.queries import draft_policy
from stations.roster.workbook.writer import Sheet, Value, write_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLES = (
    *("工作站", "承建单位", "评估年度", "得分（原）", "得分（试算）", "结果（原）", "结果（试算）"),
    *("奖励（原，元）", "奖励（试算，元）", "差额（元）", "依据", "说明"),
)
WIDTHS = (30, 30, 26, 12, 12, 12, 12, 16, 16, 14, 20, 60)


@require_GET
@allow(*READERS)
def page(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """试算 of one version, station by station; `year` chooses another finished year."""
    version, draft, fault = _draft(request, pk)
    found = what_if(draft, user=request.user, day=today(), year=_year(request)) if draft else None
    context = {"version": version, "fault": fault, "found": found, "years": _chips(found)}
    return render(request, "assessments/whatif.html", context)


@require_POST
@allow(*READERS)
def export(request: UserRequest, pk: uuid.UUID) -> HttpResponse:
    """The same as a workbook; the journal keeps who took it."""
    version, draft, fault = _draft(request, pk)
    found = what_if(draft, user=request.user, day=today(), year=_year(request)) if draft else None
    if found is None:
        context = {"version": version, "fault": fault, "found": None, "years": []}
        return render(request, "assessments/whatif.html", context, status=422)
    out = io.BytesIO()
    above = (f"试算：{version.subject}（{found.year}年结束的评估年度）", "仅供研究政策参考，已经作出的决定不变。")
    rows = (*_rows(found), _total(found))
    name = f"试算-{version.subject}-{found.year}年"
    write_workbook(out, [Sheet("试算", TITLES, rows, WIDTHS, above, request.user.name)], title=name)
    record(by=request.user, action="policy.what_if_export", obj=version, detail={"year": found.year})
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _draft(request: UserRequest, pk: uuid.UUID) -> tuple[Version, Policy | None, str]:
    """The record, the version it makes, and what keeps it from being one."""
    version = get_object_or_404(Version.objects.visible_to(request.user), pk=pk)
    try:
        return version, draft_policy(version, version.confirmed_on or today()), ""
    except (PolicyError, LookupError) as error:
        return version, None, str(error)


def _year(request: UserRequest) -> int | None:
    said = request.GET.get("year", "")
    return int(said) if said.isdecimal() and len(said) == len("2021") else None


def _chips(found: WhatIf | None) -> list[dict[str, object]]:
    if found is None:
        return []
    return [{"label": f"{year}年", "url": f"?year={year}", "active": year == found.year} for year in found.years]


def _rows(found: WhatIf) -> list[tuple[Value, ...]]:
    lines: list[tuple[Value, ...]] = []
    for line in found.lines:
        year, trial = line.sheet.assessment, line.trial
        moved = [f"{one.name}{plain(one.before)}→{plain(one.after)}" for one in trial.lines]
        lines.append(
            (
                year.station.name,
                year.operator.name,
                f"第{year.period_no}年度 {year.starts_on:%Y-%m-%d}至{year.ends_on:%Y-%m-%d}",
                *(trial.before.total, trial.after.total),
                *(trial.before.outcome.label, trial.after.outcome.label),
                *(trial.before.reward, trial.after.reward, trial.more),
                "按现在的名册重新计数" if line.recounted else "冻结的快照",
                "；".join([*moved, *trial.remarks]),
            )
        )
    return lines


def _total(found: WhatIf) -> tuple[Value, ...]:
    added = found.sum
    passed = f"合格{added.passed_before}", f"合格{added.passed_after}"
    return (f"合计{added.years}个", "", "", "", "", *passed, added.money_before, added.money_after, added.more, "", "")
