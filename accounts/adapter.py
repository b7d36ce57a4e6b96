"""How allauth fits this house: people are created by e-mail, sign-ins are logged."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts import audit
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    def populate_username(self, request: HttpRequest, user: User) -> None:
        """People have no user name."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        audit.record_read("sign-in", user, by=user)
        return super().post_login(request, user, **kwargs)
