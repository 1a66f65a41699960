"""Everything that writes an organisation or a person, by noun."""

from .people import (
    accept_invitation,
    disable_user,
    enable_user,
    find_invitation,
    hand_over_access,
    invite,
    keeps,
    manages,
    may_grant,
    set_org_admin,
    update_profile,
    withdraw_invitation,
)
from .recovery import (
    find_password_reset,
    issue_password_reset,
    reset_password,
    reset_second_factor,
    unlock,
)
from .registration import (
    CONSENT_VERSION,
    amend_registration,
    confirm_registration,
    refuse_registration,
    register_at_counter,
    register_operator,
)

__all__ = [
    "CONSENT_VERSION",
    "accept_invitation",
    "amend_registration",
    "confirm_registration",
    "disable_user",
    "enable_user",
    "find_invitation",
    "find_password_reset",
    "hand_over_access",
    "invite",
    "issue_password_reset",
    "keeps",
    "manages",
    "may_grant",
    "refuse_registration",
    "register_at_counter",
    "register_operator",
    "reset_password",
    "reset_second_factor",
    "set_org_admin",
    "unlock",
    "update_profile",
    "withdraw_invitation",
]
