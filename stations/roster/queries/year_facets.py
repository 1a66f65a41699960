"""What the rows of a station's year may be narrowed by, and what they are narrowed to in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

from jinhua_labor.core.provinces import PROVINCES
from jinhua_labor.policy.periods import Period
from stations.registry.models import Employer
from stations.roster.enums import ContractTiming, CountStatus, ReasonCode

from .listing import FACETS_MAX
from .year import YearFilters
from .years import by_year

if TYPE_CHECKING:
    from stations.registry.models import Station


@dataclass(frozen=True, slots=True)
class YearFacets:
    """What there is to narrow a year by."""

    employers: list[tuple[str, str]]
    provinces: list[tuple[str, str]]
    months: list[tuple[str, str]]
    codes: list[tuple[str, str, int]]

    def words(self, filters: YearFilters) -> list[str]:
        """What the year is narrowed to, in the words of the choices; a choice that has no rows left is still named."""
        employers, provinces, months = dict(self.employers), dict(self.provinces), dict(self.months)
        found = (
            CountStatus(filters.status).label if filters.status else "",
            ReasonCode(filters.code).label if filters.code else "",
            employers.get(filters.employer, "所选企业") if filters.employer else "",
            months.get(filters.month, f"{filters.month[:4]}年{filters.month[4:].lstrip('0')}月")
            if filters.month
            else "",
            provinces.get(filters.province, PROVINCES.get(filters.province, "未识别")) if filters.province else "",
            f"劳动合同{ContractTiming(filters.contract).label}" if filters.contract else "",
            "本周应统计" if filters.due else "",
            f"姓名含“{filters.q}”" if filters.q else "",
            "按身份证号查找的一人" if filters.person else "",
        )
        return [str(word) for word in found if word]


_ALONG = """
    SELECT d.employer_id, d.hukou_province, date_trunc('month', d.entry_on)::date AS entered, count(*)
      FROM stations_delivery d
     WHERE d.station_id = %s AND d.year_day BETWEEN %s AND %s
     GROUP BY GROUPING SETS ((d.employer_id), (d.hukou_province), (entered))
"""


def facets(station: Station, period: Period) -> YearFacets:
    """Employers, provinces, months of entry and reasons of a year: its rows read once, and once more for those that
    have reasons; three queries whatever its length."""
    employers: list[tuple[int, Any]] = []
    provinces: list[str] = []
    months: list[dt.date] = []
    with connection.cursor() as cursor:
        cursor.execute(by_year(_ALONG), [station.pk, period.start, period.end])
        for employer, province, month, number in cursor.fetchall():
            if employer is not None:
                employers.append((-number, employer))
            elif province is not None:
                provinces.append(province)
            else:
                months.append(month)
        cursor.execute(
            by_year(
                "SELECT code, count(*) FROM stations_delivery d, unnest(d.codes) AS code"
                " WHERE d.station_id = %s AND d.year_day BETWEEN %s AND %s AND d.codes <> '{}'"
                " GROUP BY code ORDER BY code"
            ),
            [station.pk, period.start, period.end],
        )
        codes = cursor.fetchall()
    most = [employer for _, employer in sorted(employers)[:FACETS_MAX]]
    names = dict(Employer.objects.filter(pk__in=most).order_by().values_list("pk", "name"))
    return YearFacets(
        employers=[(str(employer), names[employer]) for employer in most],
        provinces=sorted((code or "none", PROVINCES.get(code, "未识别")) for code in provinces),
        months=[(f"{day:%Y%m}", f"{day.year}年{day.month}月") for day in sorted(months)],
        codes=[(code, ReasonCode(code).label, count) for code, count in codes],
    )
