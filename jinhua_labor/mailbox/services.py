"""Telling people something: a message in the portal, and an e-mail that says only that there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from jinhua_labor.accounts.models import User

from .models import Message, OutgoingEmail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinhua_labor.accounts.models import Organisation


@transaction.atomic
def send(
    *,
    subject: str,
    body: str = "",
    link: str = "",
    to_user: User | None = None,
    to_organisation: Organisation | None = None,
    to_role: str = "",
) -> list[Message]:
    """Puts a message into the inbox of a person, of everyone in an organisation, or of everyone with a role.

    `link` is a path of the portal. Inboxes and outbox are written in the caller's transaction; people with an e-mail
    address are mailed after it is committed. The mail names neither the matter nor the decision.
    """
    if link and not link.startswith("/"):
        raise ValueError("link must be a path of the portal")
    people = _people(to_user, to_organisation, to_role)
    messages = Message.objects.bulk_create(
        Message(user=person, subject=subject[:120], body=body[:2000], link=link) for person in people
    )
    emails = OutgoingEmail.objects.bulk_create(
        OutgoingEmail(message=message, to=person.email)
        for message, person in zip(messages, people, strict=True)
        if person.email
    )
    if emails:
        from .tasks import flush

        flush.defer()
    return messages


def _people(user: User | None, organisation: Organisation | None, role: str) -> list[User]:
    if sum((user is not None, organisation is not None, bool(role))) != 1:
        raise ValueError("exactly one of to_user, to_organisation, to_role")
    if user is not None:
        return [user]
    people = User.objects.filter(is_active=True)
    people = people.filter(organisation=organisation) if organisation is not None else people.filter(role=role)
    return list(people.order_by("id"))


@transaction.atomic
def mark_read(messages: Iterable[Message], *, by: User) -> int:
    """Marks one's own messages as read; gives the number that were not."""
    ids = [message.pk for message in messages]
    return Message.objects.visible_to(by).unread().filter(pk__in=ids).update(read_at=timezone.now())


@transaction.atomic
def mark_all_read(*, by: User) -> int:
    """Marks everything in one's inbox as read; gives the number that were not."""
    return Message.objects.visible_to(by).unread().update(read_at=timezone.now())
