"""What the database refuses for us: pairs that belong together, and two pairs of eyes (G-6)."""

from django.db.models import CheckConstraint, F, Q


def both_or_neither(name: str, first: str, second: str) -> CheckConstraint:
    """Who and when are known together or not at all."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
        | Q(**{f"{first}__isnull": False, f"{second}__isnull": False}),
    )


def two_people(name: str, maker: str, checker: str) -> CheckConstraint:
    """Whoever prepared cannot also approve (rule G-6)."""
    return CheckConstraint(
        name=name,
        condition=Q(**{f"{checker}__isnull": True})
        | Q(**{f"{maker}__isnull": True})
        | ~Q(**{maker: F(checker)}),
    )
