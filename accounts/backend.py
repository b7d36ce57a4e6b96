"""Who a session belongs to, with what they may do, in one query (X-1)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.clock import today
from accounts.models import User


class Backend(AuthenticationBackend):
    """The library's sign-in; only the way from a session to its person is ours."""

    def get_user(self, user_id: Any) -> User | None:
        user = User.objects.with_permissions(today()).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
