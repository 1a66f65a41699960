"""Sending what lies in the outbox: at least once, with growing pauses, given up after a day."""

from __future__ import annotations

import datetime as dt

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from .models import EmailState, OutgoingEmail

log = structlog.get_logger("portal.mail")

SUBJECT = "您在金东区省外劳务协作工作站管理服务平台有一条新消息"
# Minutes until the next try; after the last one the mail is given up. The message itself stays in the inbox.
PAUSES = (1, 5, 15, 60, 240, 1140)
TIMEOUT = 20


def body_of(email: OutgoingEmail) -> str:
    """The text of the mail: a link, not a word of the matter."""
    url = settings.PORTAL_URL.rstrip("/") + reverse("mailbox:message", args=[email.message_id])
    return (
        f"{email.message.user.name}，您好：\n\n您有一条新消息，请登录平台查看：\n{url}\n\n"
        "本邮件由系统自动发出，请勿回复。为保护信息安全，邮件中不写具体内容。\n"
    )


def send_due(*, limit: int = 100) -> int:
    """Sends what is due, each mail in a transaction of its own; gives the number sent."""
    sent = 0
    for _ in range(limit):
        outcome = _send_next()
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def _send_next() -> bool | None:
    # The row stays locked while its mail is on the way, so two workers never send the same one; a crash in between is
    # answered by the constant Message-ID.
    email = (
        OutgoingEmail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message__user")
        .filter(state=EmailState.WAITING, due_at__lte=timezone.now())
        .first()
    )
    if email is None:
        return None
    email.attempts += 1
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    mail = EmailMessage(
        SUBJECT,
        body_of(email),
        to=[email.to],
        headers={"Message-ID": f"<{email.pk}@{domain}>"},
        connection=get_connection(timeout=TIMEOUT) if "smtp" in settings.EMAIL_BACKEND else None,
    )
    try:
        mail.send()
    except Exception as error:
        _put_off(email, error)
        return False
    email.state, email.sent_at, email.error = EmailState.SENT, timezone.now(), ""
    email.save(update_fields=["state", "sent_at", "error", "attempts"])
    return True


def _put_off(email: OutgoingEmail, error: Exception) -> None:
    email.error = type(error).__name__[:200]
    if email.attempts > len(PAUSES):
        email.state = EmailState.DEAD
        log.error("email_given_up", email=str(email.pk), error=email.error)
    else:
        email.due_at = timezone.now() + dt.timedelta(minutes=PAUSES[email.attempts - 1])
        log.warning("email_put_off", email=str(email.pk), error=email.error, attempts=email.attempts)
    email.save(update_fields=["state", "due_at", "error", "attempts"])
