"""A role is a row with its permissions; a person holds it from a date to a date (X-1, X-7)."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.constraints import two_people
from accounts.labels import label


class Role(models.Model):
    code = models.SlugField(unique=True)
    names = models.JSONField(default=dict)
    duties = models.JSONField(default=dict)
    permissions = ArrayField(models.CharField(max_length=40), default=list)
    handles_money = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return label(self.names)


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self, day: date) -> "GrantQuerySet":
        """Grants whose first day has come and whose last day (inclusive) has not passed.

        A role that handles money counts only once a second person confirmed the grant (X-1).
        """
        lasts = Q(to_on=None) | Q(to_on__gte=day)
        confirmed = Q(role__handles_money=False) | Q(confirmed_by__isnull=False)
        return self.filter(lasts, confirmed, from_on__lte=day)

    def awaiting_confirmation(self) -> "GrantQuerySet":
        return self.filter(role__handles_money=True, confirmed_by=None, to_on=None)


class Grant(models.Model):
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    from_on = models.DateField()
    to_on = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["role_id", "from_on"]
        constraints = [
            models.CheckConstraint(
                name="grant_ends_after_it_begins", condition=Q(to_on=None) | Q(to_on__gte=F("from_on"))
            ),
            models.UniqueConstraint(
                fields=["user", "role"], condition=Q(to_on=None), name="grant_open_once_per_role"
            ),
            models.CheckConstraint(name="grant_never_by_oneself", condition=~Q(user=F("granted_by"))),
            models.CheckConstraint(
                name="grant_never_confirmed_by_oneself",
                condition=Q(confirmed_by=None) | ~Q(user=F("confirmed_by")),
            ),
            two_people("grant_two_pairs_of_eyes", "granted_by", "confirmed_by"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
