"""Sign-in attempts: counted, journalled, and stopped for a while after too many failures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from jinhua_labor.audit.context import current_origin

from .models import LoginEvent

if TYPE_CHECKING:
    from .models import User

MAX_FAILURES = 5
LOCK_FOR = dt.timedelta(minutes=15)
FAILURES = (LoginEvent.Outcome.FAILED, LoginEvent.Outcome.CODE_FAILED)  # of either factor
FORGIVES = (LoginEvent.Outcome.OK, LoginEvent.Outcome.UNLOCKED)


def normalised(username: str) -> str:
    return username.strip().lower()[:40]


def note(*, username: str, outcome: LoginEvent.Outcome, user: User | None = None) -> LoginEvent:
    """Adds one line to the list of sign-ins, with the address of the present request."""
    return LoginEvent.objects.create(
        user=user, username=normalised(username), outcome=outcome, ip=current_origin.get().ip
    )


def one_at_a_time(username: str) -> None:
    """Makes attempts on one account wait for each other, so that a hundred at once are still five."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"login:{normalised(username)}"])


def locked_until(username: str) -> dt.datetime | None:
    """Until when the account takes neither password nor code: 15 minutes from the fifth failure in 15, else None.

    An unknown account answers the same, so nobody learns which accounts exist. Anyone can lock an account out this way;
    an administrator can lift it (`services.unlock`).
    """
    since = timezone.now() - LOCK_FOR
    events = LoginEvent.objects.filter(username=normalised(username), at__gt=since).order_by("-id")
    forgiven = events.filter(outcome__in=FORGIVES).values_list("id", flat=True).first() or 0
    # A lock may be younger than the oldest of its failures: look back once more from the newest one.
    failures = list(
        LoginEvent.objects.filter(
            username=normalised(username), outcome__in=FAILURES, at__gt=since - LOCK_FOR, id__gt=forgiven
        )
        .order_by("-id")
        .values_list("at", flat=True)[:MAX_FAILURES]
    )
    if len(failures) < MAX_FAILURES or failures[0] - failures[-1] > LOCK_FOR:
        return None
    until = failures[0] + LOCK_FOR
    return until if until > timezone.now() else None


def locked_message(until: dt.datetime) -> str:
    """What is told at either step of a closed account."""
    clock = timezone.localtime(until)
    return f"密码或动态口令连续输错 {MAX_FAILURES} 次，账号已暂停登录，请于 {clock:%H:%M} 之后再试，或联系管理员解除。"
