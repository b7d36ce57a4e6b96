"""Tasks of the installation itself."""

from celery import shared_task

from fiprev.health import note_heartbeat


@shared_task
def heartbeat() -> None:
    """Beat, broker and a worker are all alive if this runs."""
    note_heartbeat()
