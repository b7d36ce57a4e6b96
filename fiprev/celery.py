"""The task app and its timetable. Tasks are thin, take ids or dates, and may run twice (style 21).

Nothing is queued for later: due dates live in the database and beat polls them.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fiprev.settings")

MINUTE, HOUR = 60, 3_600

app = Celery("fiprev")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: int, task: str) -> dict[str, Any]:
    """An entry of the timetable; a run that nobody took before the next is due is dropped, not piled up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "heartbeat": every(20, "fiprev.tasks.heartbeat"),
    "send notices": every(15, "accounts.tasks.send_notices"),
    "seal the trail": every(30, "accounts.tasks.seal_trail"),
    "what falls due today": every(HOUR, "loans.tasks.fall_due"),
    "bank lines to post": every(30, "loans.tasks.post_bank_lines"),
    "reminders of instalments": every(HOUR, "loans.tasks.remind"),
    "reminders of results": every(HOUR, "reports.tasks.remind_of_results"),
    "drafts soon to be deleted": every(6 * HOUR, "projects.tasks.warn_of_old_drafts"),
    "drafts nobody came back to": every(6 * HOUR, "projects.tasks.delete_old_drafts"),
    "draw issued reports": every(5 * MINUTE, "reports.tasks.draw_reports"),
    "roll up benefits": every(6 * HOUR, "reports.tasks.rollup_benefits"),
}


@worker_ready.connect
def first_heartbeat(**_: Any) -> None:
    """Ready is known at once, not only when beat has ticked."""
    from fiprev.health import note_heartbeat

    note_heartbeat()
