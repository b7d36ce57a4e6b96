"""The rows this app cannot work without."""

from accounts.models import Role, User
from accounts.roles import ROLES


def load() -> None:
    """Put the system's own person and the role table in place. May run again."""
    User.objects.system()
    for row in ROLES:
        Role.objects.update_or_create(
            code=row.code,
            defaults={
                "names": {"es": row.es, "en": row.en, "fr": row.fr},
                "permissions": [str(perm) for perm in row.permissions],
                "handles_money": row.handles_money,
            },
        )
