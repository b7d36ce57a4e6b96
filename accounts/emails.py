"""A message as a mail: subject, text and HTML from templates/emails/<kind>/, in the language of its recipient."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from accounts.models import Notice


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    text: str
    html: str


def render(notice: Notice) -> Message:
    """What the recipient reads. A digest lists the messages it stands for (N-2)."""
    with translation.override(notice.language):
        context = _context(notice)
        context["items"] = (
            [render(part) for part in notice.bundled.order_by("due", "pk")] if notice.pk else []
        )
        folder = f"emails/{notice.kind}"
        return Message(
            subject=_subject(notice, context),
            text=_plain(f"{folder}/body.txt", context).strip() + "\n",
            html=get_template(f"{folder}/body.html").render(context),
        )


def title(notice: Notice) -> str:
    """The subject in the language of who looks at the list now."""
    return _subject(notice, _context(notice))


def _context(notice: Notice) -> dict[str, Any]:
    return {**notice.facts, "notice": notice, "site": {"name": "Fiprev", "url": settings.SITE_URL}}


def _subject(notice: Notice, context: dict[str, Any]) -> str:
    return " ".join(_plain(f"emails/{notice.kind}/subject.txt", context).split())


def _plain(name: str, context: dict[str, Any]) -> str:
    """Plain text is not HTML: an ampersand stays one."""
    template: Any = get_template(name)
    return str(template.template.render(Context(context, autoescape=False)))


def mail(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The mail, under the one Message-ID that the notice has for life (N-1)."""
    message = render(notice)
    headers = {
        "Message-ID": notice.message_id,
        "Auto-Submitted": "auto-generated",
        "Content-Language": notice.language,
    }
    letter = EmailMultiAlternatives(
        message.subject,
        message.text,
        settings.DEFAULT_FROM_EMAIL,
        [notice.email],
        headers=headers,
        connection=connection,
    )
    letter.attach_alternative(message.html, "text/html")
    return letter
