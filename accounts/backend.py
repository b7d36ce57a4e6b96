"""Who a session belongs to, with what they may do, in one query (X-1)."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from accounts.asking import columns_of, from_row
from accounts.clock import today
from accounts.models import User

# Every request of somebody signed in begins with this; the condition is `in_force` of accounts/models/grant.py.
PERMISSIONS = """
ARRAY(SELECT DISTINCT unnest(r.permissions) FROM accounts_grant g JOIN accounts_role r ON r.id = g.role_id
    WHERE g.user_id = u.id AND g.from_on <= %(day)s AND (g.to_on IS NULL OR g.to_on >= %(day)s)
    AND (NOT r.handles_money OR g.confirmed_by_id IS NOT NULL))"""


class Backend(AuthenticationBackend):
    """The library's sign-in; only the way from a session to its person is ours."""

    def get_user(self, user_id: Any) -> User | None:
        with connection.cursor() as cursor:
            cursor.execute(_asked(), {"key": user_id, "day": today()})
            found = cursor.fetchone()
        if found is None:
            return None
        *row, permissions = found
        user = from_row(User, row)
        user.permissions = frozenset(permissions)
        return user if self.user_can_authenticate(user) else None


@cache
def _asked() -> str:
    return f"SELECT {columns_of(User, 'u.')}, {PERMISSIONS} FROM accounts_user u WHERE u.id = %(key)s"  # noqa: S608 - the names are the model's
