"""What a worker does for people: send their messages, seal the trail."""

from celery import shared_task

from accounts import audit, outbox


@shared_task
def send_notices() -> dict[str, int]:
    """Every few seconds by beat; two at once share the work (N-1)."""
    return dict(outbox.send_due())


@shared_task
def seal_trail() -> int:
    """Chain what was recorded since the last run (X-4); returns how many events."""
    sealed = audit.seal()
    return sealed.events if sealed else 0
