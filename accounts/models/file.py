"""An uploaded file: kept as it came, named by nobody's wish, opened as of the object it belongs to (X-5)."""

import uuid

from django.db import models


class StoredFile(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    about = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to="files/%Y/%m/", max_length=200)
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    uploaded_on = models.DateField()
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_ref(self) -> str:
        return f"accounts.file:{self.uid}"

    @property
    def is_pictured(self) -> bool:
        """Whether there is a small picture of it (X-5)."""
        from accounts.previews import PICTURED  # it reads this class

        return self.kind in PICTURED
