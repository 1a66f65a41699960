"""What the yearly assessment does by itself. The work is in the rooms' services."""

from procrastinate.contrib.django import app

from assessments.excellent.services import titles
from assessments.sheets.services import opening, results
from assessments.surveys.services import close_due as close_surveys_due
from jinhua_labor.accounts.models import User
from jinhua_labor.core.clock import today


# Every hour, not once a night: a machine that was off catches up as soon as it runs. Repeated, it does nothing.
@app.periodic(cron="15 * * * *")
@app.task(name="assessments.close_surveys", queueing_lock="assessments.close_surveys")
def close_surveys(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Satisfaction surveys whose last day is over (R-58, R-59)."""
    close_surveys_due(day=today())


@app.periodic(cron="15 * * * *")
@app.task(name="assessments.open_due", queueing_lock="assessments.open_due")
def open_due(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Years open on their day, scoring begins when 自评 is over, and what a late revocation closed is not assessed."""
    system, day = User.objects.system(), today()
    opening.open_due(day=day, by=system)
    opening.void_revoked(by=system)
    opening.begin_due(day=day, by=system)


@app.periodic(cron="20 * * * *")
@app.task(name="assessments.settle_due", queueing_lock="assessments.settle_due")
def settle_due(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Results whose 公示 is over with nothing open become final (R-31)."""
    results.settle_due(day=today(), by=User.objects.system())


@app.periodic(cron="25 * * * *")
@app.task(name="assessments.titles_due", queueing_lock="assessments.titles_due")
def titles_due(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Titles of revoked stations lapse, then every 复核 whose window has begun is opened (R-33, R-42)."""
    system, day = User.objects.system(), today()
    titles.lapse_revoked(day=day, by=system)
    titles.open_due(day=day, by=system)


@app.periodic(cron="30 7 * * *")
@app.task(name="assessments.remind", queueing_lock="assessments.remind")
def remind(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Units that still owe 自评 or an answer to the draft, once before the last day."""
    opening.remind_due(day=today())
