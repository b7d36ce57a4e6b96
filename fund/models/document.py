"""Papers issued by the fund: their facts are sealed at issue, their bytes at the first rendering."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class IssuedDocument(models.Model):
    """A numbered paper. A trigger refuses every change but the one that adds the bytes (Rules R-1, G-5)."""

    number = models.CharField(_("number"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    language = models.CharField(_("language"), max_length=2)
    template = models.CharField(max_length=120)
    about = models.CharField(max_length=120, db_index=True)
    facts_text = models.TextField()
    facts_sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(auto_now_add=True)
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    rendered_at = models.DateTimeField(null=True)

    named_by = "number"

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="document_sealed_together",
                condition=Q(content__isnull=True, sha256="", rendered_at__isnull=True)
                | (Q(content__isnull=False, rendered_at__isnull=False) & ~Q(sha256="")),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def audit_ref(self) -> str:
        return f"fund.document:{self.number}"

    @property
    def facts(self) -> dict[str, Any]:
        """The facts as they were sealed; dates and decimals are text."""
        facts: dict[str, Any] = json.loads(self.facts_text)
        return facts

    @property
    def rendered(self) -> bool:
        return bool(self.sha256)
