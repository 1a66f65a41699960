"""附件3 printed: what the paper says is the result that was computed and frozen (R-70)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.sheets.models import Sheet
from assessments.sheets.queries.prints import annex3
from assessments.sheets.rules.facts import SheetFacts
from assessments.sheets.rules.score import outcome
from assessments.sheets.rules.snapshot import rebuild
from assessments.sheets.services import review
from jinhua_labor.accounts.models import User
from jinhua_labor.documents.annex3 import Annex3, Annex3Line, annex3_pdf
from jinhua_labor.policy.load import versions
from jinhua_labor.policy.types import Policy
from tests.documents.paper import text
from tests.stations.roster.station import counted
from tests.stations.roster.station import station as made_station

from . import build, made
from .test_rules_score import years

POLICY = versions()[0]


def read(pdf: bytes, policy: Policy) -> tuple[dict[str, Decimal], Decimal]:
    """(实际得分 by line, 总分) as they stand on the paper, found behind each line's own words and weight."""
    written, points, at = text(pdf), {}, 0
    for line in policy.indicators:
        criterion = re.sub(r"\s", "", line.criterion)
        at = written.index(criterion, at) + len(criterion)
        number = re.match(rf"{line.weight}(\d+(?:\.\d+)?)", written[at:])
        assert number, f"{line.code} {written[at : at + 20]}"
        points[line.code] = Decimal(number[1])
    total = re.search(rf"总分{sum(line.weight for line in policy.indicators)}(\d+(?:\.\d+)?)", written)
    assert total
    return points, Decimal(total[1])


@given(found=years(), innovation=st.integers(0, 20).map(lambda half: Decimal(half) / 2))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_照打印的数字重算_与系统计算相同(found: SheetFacts, innovation: Decimal):
    given_points = made.given(found, policy=POLICY) | {"D1": innovation}
    settled = outcome(given_points, found, policy=POLICY)
    form = Annex3(
        title="评估表",
        station="示例站",
        operator="示例公司",
        year="第1年度",
        lines=[
            Annex3Line(row.category, row.name, row.criterion, row.weight, given_points[row.code])
            for row in POLICY.indicators
        ],
        total=settled.total,
        result="合格" if settled.passed else "不合格",
    )
    points, total = read(annex3_pdf(form), POLICY)
    assert points == given_points
    again = outcome(points, found, policy=POLICY)
    assert (again.total, total, again.outcome) == (settled.total, settled.total, settled.outcome)


@pytest.mark.django_db
def test_确认后的表_打印的各项和总分就是固定的结果(
    operator_user: User, centre_clerk: User, centre_second: User, bureau_official: User
):
    place = made_station(operator_user)
    counted(place, operator_user, centre_clerk)
    sheet = build.reported(place, operator_user, centre_clerk, centre_second)
    review.confirm(sheet_id=sheet.pk, opinion="同意。", by=bureau_official)
    sheet = Sheet.objects.get(pk=sheet.pk)
    points, total = read(annex3_pdf(annex3(sheet)), POLICY)
    said = rebuild(sheet.snapshot)
    assert points == {line.code: line.given for line in sheet.lines.all()}
    assert (total, said.settled.total, sum(points.values())) == (sheet.total, sheet.total, sheet.total)
