"""Who may sign in, and who is still signed in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from .enums import OrganisationState
from .models import User


class PortalBackend(ModelBackend):
    """Account and password. A disabled person or organisation is out with the next request."""

    def user_can_authenticate(self, user: Any) -> bool:
        return (
            super().user_can_authenticate(user)
            and user.organisation is not None
            and user.organisation.state != OrganisationState.DISABLED
        )

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session with the organisation in the same query; nearly every page names both."""
        user = User.objects.select_related("organisation").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False
