"""States of an account that was handed in."""

from django.db.models import TextChoices


class ChangeState(TextChoices):
    """From handed in to in force: two people of the centre, then the days of waiting."""

    ASKED = "ASKED", "待核对"
    CHECKED = "CHECKED", "待复核"
    CONFIRMED = "CONFIRMED", "已确认"
    REFUSED = "REFUSED", "未通过"
    STOPPED = "STOPPED", "已撤回"


OPEN_CHANGE = (ChangeState.ASKED, ChangeState.CHECKED)
"""What waits for somebody of the centre."""
