"""What time does: 逾期视为撤回, reminders before the end, stations whose term waits for its document."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from jinhua_labor.accounts.models import User
from jinhua_labor.audit.services import record
from jinhua_labor.core.dates import date_cn
from jinhua_labor.mailbox.services import send
from jinhua_labor.review import services as review_services
from jinhua_labor.review.services import Opinion
from jinhua_labor.review.states import Action, State
from stations.oversight.enums import RenewalState
from stations.oversight.models import Renewal
from stations.oversight.queries.renewals import RUNNING, unreminded
from stations.oversight.services.common import lock_station

from .common import locked


def lapse_overdue(*, day: dt.date) -> int:
    """逾期视为撤回 for every returned renewal whose last day has passed before `day`; how many. Harmless to repeat."""
    rows = Renewal.objects.filter(state=RenewalState.RETURNED, review__due_on__lt=day)
    return sum(_lapse(pk, day) for pk in list(rows.values_list("pk", flat=True)))


@transaction.atomic
def _lapse(renewal_id: uuid.UUID, day: dt.date) -> bool:
    row = locked(renewal_id)
    due = row.review.due_on
    if row.review.state != State.RETURNED or due is None or due >= day:
        return False
    words = f"补正期限{date_cn(due)}届满未重新提交，视为撤回"
    system = User.objects.system()
    row.review = review_services.transition(row.review, Action.LAPSE, by=system, opinion=Opinion(words)).review
    row.state = RenewalState.LAPSED
    row.save(update_fields=["state"])
    send(
        to_organisation=row.operator,
        subject=f"{row.station.name}续期申请逾期未补正，视为撤回",
        body=f"受理编号{row.number}。{words}。在可以续期的期间内可以重新申请。",
        link=row.get_absolute_url(),
    )
    return True


def approved_stations() -> set[uuid.UUID]:
    """Stations whose renewal is approved and waits for its document: their term is not over meanwhile (§5)."""
    return set(Renewal.objects.filter(state=RenewalState.APPROVED).values_list("station_id", flat=True))


def remind_ending(*, day: dt.date) -> int:
    """Tells each unit once that a term ends within the days in which a renewal may be asked for; how many were told."""
    return sum(_remind(pk, day) for pk in list(unreminded(day=day).values_list("pk", flat=True)))


@transaction.atomic
def _remind(station_id: uuid.UUID, day: dt.date) -> bool:
    station = lock_station(station_id)
    if station.state not in RUNNING or station.term_reminded == station.term_to:
        return False
    station.term_reminded = station.term_to
    station.save(update_fields=["term_reminded"])
    system = User.objects.system()
    record(by=system, action="station.term_reminder", obj=station, detail={"term_to": station.term_to})
    send(
        to_organisation=station.operator,
        subject=f"{station.name}经营期限将于{date_cn(station.term_to)}届满，请及时申请续期",
        body=f"还有{(station.term_to - day).days}天。打开工作站的“经营期限”申请，不再核验50人。",
        link=station.get_absolute_url(),
    )
    return True
