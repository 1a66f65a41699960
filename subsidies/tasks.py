"""What subsidies do by themselves. The work is in the rooms' services."""

from procrastinate.contrib.django import app

from jinhua_labor.accounts.models import User
from subsidies.grants.services.deriving import derive_all
from subsidies.grants.services.publicity import advance_due


# Every few minutes: what was established, made final or revoked shows as a grant without anybody asking. Repeated, it
# does nothing.
@app.periodic(cron="*/5 * * * *")
@app.task(name="subsidies.derive", queueing_lock="subsidies.derive")
def derive(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes the moment by this name
    """Grants drafted, brought up to date and cancelled (R-33, R-43 … R-48)."""
    system = User.objects.system()
    derive_all(by=system)
    advance_due(by=system)
