"""Background work of this room, at night and every few minutes."""

from procrastinate.contrib.django import app

from . import maintenance


@app.periodic(cron="40 2 * * *")
@app.task(name="attachments.check_files", queueing_lock="attachments.check_files")
def check_files(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    maintenance.check_files()


@app.periodic(cron="20 3 * * *")
@app.task(name="attachments.sweep_orphans", queueing_lock="attachments.sweep_orphans")
def sweep_orphans(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    maintenance.sweep_orphans()


@app.periodic(cron="*/5 * * * *")
@app.task(name="attachments.rescan", queueing_lock="attachments.rescan")
def rescan(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    maintenance.rescan()
