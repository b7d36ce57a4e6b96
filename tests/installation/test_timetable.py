"""Beat's timetable: each task exists, none is queued for later, none piles up."""

from django.conf import settings

from fiprev.celery import app


def test_every_entry_names_a_task_that_exists():
    app.loader.import_default_modules()
    for name, entry in app.conf.beat_schedule.items():
        assert entry["task"] in app.tasks, f"{name}: {entry['task']}"


def test_what_nobody_took_before_the_next_run_is_dropped():
    for name, entry in app.conf.beat_schedule.items():
        assert entry["options"]["expires"] <= entry["schedule"], name


def test_rule_X4_the_sealer_is_at_most_a_minute_behind():
    (entry,) = [
        entry for entry in app.conf.beat_schedule.values() if entry["task"] == "accounts.tasks.seal_trail"
    ]
    assert entry["schedule"] <= 60


def test_a_task_ends_before_another_worker_takes_it_over():
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST


def test_the_timetable_is_in_seconds_and_never_more_than_a_day():
    """Due dates live in the database: beat only looks, so that a missed hour is made up at the next look."""
    assert all(0 < entry["schedule"] <= 86_400 for entry in app.conf.beat_schedule.values())
