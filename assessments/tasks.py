"""What the yearly assessment does by itself. The work is in the rooms' services."""

from procrastinate.contrib.django import app

from assessments.surveys.services import close_due as close_surveys_due
from jinhua_labor.core.clock import today


# Every hour, not once a night: a machine that was off catches up as soon as it runs.
@app.periodic(cron="15 * * * *")
@app.task(name="assessments.close_surveys", queueing_lock="assessments.close_surveys")
def close_surveys(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Satisfaction surveys whose last day is over (R-58, R-59)."""
    close_surveys_due(day=today())
