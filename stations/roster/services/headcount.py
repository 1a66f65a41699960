"""全区人数汇总: the numbers of pages over the whole district, added up in the background in one statement a table."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from jinhua_labor.core.clock import today
from jinhua_labor.review.models import Review
from stations.roster.enums import CountStatus
from stations.roster.models import Delivery, Headcount

from .bulk import patient


@transaction.atomic
def add_up() -> Headcount:
    """Reads every delivery once and keeps the numbers with their moment. Harmless to repeat; of two at a time the
    later one waits, and what it read last stays."""
    patient()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('stations_headcount'))")
    at = timezone.now()
    # What every office sees: stations' rows, and those of applications that were handed in.
    handed_in = Review.objects.filter(first_submitted_at__isnull=False)
    seen = Q(station__isnull=False) | Q(roster_list__application__review__in=handed_in)
    counted = Delivery.objects.filter(seen, status=CountStatus.COUNTED, entry_on__lte=today()).order_by()
    by_month: dict[str, int] = {}
    by_province: dict[str, int] = {}
    months = counted.annotate(month=TruncMonth("entry_on")).values_list("month", "hukou_province")
    for month, province, number in months.annotate(n=Count("pk")):
        by_month[f"{month:%Y%m}"] = by_month.get(f"{month:%Y%m}", 0) + number
        by_province[province] = by_province.get(province, 0) + number
    people = Delivery.objects.filter(station__isnull=False).order_by().values("person").distinct().count()
    found, _ = Headcount.objects.update_or_create(
        pk=1, defaults={"as_of": at, "people": people, "by_month": by_month, "by_province": by_province}
    )
    return found
