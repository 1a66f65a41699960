"""The outbox: at once after a message, and every minute for what had to wait."""

from procrastinate.contrib.django import app

from . import outbox


@app.task(name="mailbox.flush")
def flush() -> None:
    outbox.send_due()


@app.periodic(cron="* * * * *")
@app.task(name="mailbox.send_due", queueing_lock="mailbox.send_due")
def send_due(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    outbox.send_due()
