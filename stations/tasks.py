"""What the chapters 二、三 do by themselves. The work is in the rooms' services."""

from procrastinate.contrib.django import app

from jinhua_labor.core.clock import today
from stations.applications import printing  # noqa: F401  # named here so that the worker finds it
from stations.applications.services.lapse import accept_overdue, lapse_overdue
from stations.ledger import tasks as ledger_tasks  # noqa: F401  # named here so that the worker finds them
from stations.oversight.services.carrying_out import apply_due
from stations.oversight.services.complaints import remind_due as remind_complaints_due
from stations.oversight.services.renewals import approved_stations, remind_ending
from stations.oversight.services.renewals import lapse_overdue as lapse_renewals
from stations.registry.services.papers import remind_due
from stations.registry.services.stations import expire_due
from stations.roster import tasks as roster_tasks  # noqa: F401  # named here so that the worker finds them
from stations.roster import tasks_station  # noqa: F401  # likewise


# Every hour, not once a night: a machine that was off catches up as soon as it runs.
@app.periodic(cron="5 * * * *")
@app.task(name="stations.expire_terms", queueing_lock="stations.expire_terms")
def expire_terms(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """经营期限届满 (R-19)."""
    expire_due(day=today(), spared=approved_stations())


@app.periodic(cron="10 * * * *")
@app.task(name="stations.lapse", queueing_lock="stations.lapse")
def lapse(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """逾期视为撤回 and 逾期视为受理 (R-16)."""
    lapse_overdue(day=today())
    lapse_renewals(day=today())
    accept_overdue(day=today())


@app.periodic(cron="20 7 * * *")
@app.task(name="stations.remind_papers", queueing_lock="stations.remind_papers")
def remind_papers(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Papers that end within `paper_expiry_days`, each told once (R-32)."""
    remind_due(day=today())


@app.periodic(cron="1 * * * *")
@app.task(name="stations.apply_changes", queueing_lock="stations.apply_changes")
def apply_changes(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Filed changes whose effective day has come (R-23)."""
    apply_due(day=today())


@app.periodic(cron="25 7 * * *")
@app.task(name="stations.remind_complaints", queueing_lock="stations.remind_complaints")
def remind_complaints(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Deadlines of complaints that are near, each told once."""
    remind_complaints_due(day=today())


@app.periodic(cron="30 7 * * *")
@app.task(name="stations.remind_terms", queueing_lock="stations.remind_terms")
def remind_terms(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Terms that end within `renewal_window_days`, each told once (R-19)."""
    remind_ending(day=today())
