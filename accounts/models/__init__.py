"""People, what they may do, what they did, what was said to them, what they uploaded."""

from accounts.models.feed import CalendarFeed
from accounts.models.file import StoredFile
from accounts.models.grant import Grant, Role
from accounts.models.notice import Notice
from accounts.models.person import User
from accounts.models.trail import AuditEvent, ReadEvent, Seal, SealedEvent

__all__ = [
    "AuditEvent",
    "CalendarFeed",
    "Grant",
    "Notice",
    "ReadEvent",
    "Role",
    "Seal",
    "SealedEvent",
    "StoredFile",
    "User",
]
