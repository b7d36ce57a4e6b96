"""A person: signs in by e-mail, reads in a language, holds roles by dated grants."""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.clock import today

SYSTEM_EMAIL = "system@fiprev.invalid"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def by_email(self, email: str) -> "User":
        return self.get(email=email.strip().lower())

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.by_email(username or "")

    def system(self) -> "User":
        """The actor of commands and tasks; it has no password and cannot sign in."""
        return self.get_or_create(
            email=SYSTEM_EMAIL, defaults={"full_name": "Fiprev", "is_active": False, "password": "!"}
        )[0]


class User(AbstractBaseUser):
    class Language(models.TextChoices):
        ES = "es", _("Spanish")
        EN = "en", _("English")
        FR = "fr", _("French")

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ES)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def audit_ref(self) -> str:
        return f"accounts.user:{self.pk}"

    @property
    def is_system(self) -> bool:
        """Whether this is the actor of commands and tasks, not a person."""
        return self.email == SYSTEM_EMAIL

    @cached_property
    def permissions(self) -> frozenset[str]:
        """What this person may do today, from the roles granted; a request reads them with the person (X-1)."""
        return self.permissions_on(today())

    def permissions_on(self, day: date) -> frozenset[str]:
        if not self.is_active:
            return frozenset()
        grants = self.grants.in_force(day).select_related("role")
        return frozenset(code for grant in grants for code in grant.role.permissions)

    def may(self, perm: str) -> bool:
        return perm in self.permissions

    @property
    def is_staff_member(self) -> bool:
        """Holds any role of the fund; firms' people hold none."""
        return bool(self.permissions)
