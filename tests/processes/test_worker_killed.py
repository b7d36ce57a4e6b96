"""A real worker on the real broker, killed while it sends: N-1 holds all the same."""

import time
from collections import Counter
from collections.abc import Callable

import pytest
from celery import Celery

from accounts import notices
from accounts.models import Notice
from tests.smtp import Sink
from tests.workers import Start, kill
from tests.world import person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
HOW_MANY = 12
WORKER = (
    "-A",
    "fiprev",
    "worker",
    "--pool",
    "prefork",
    "--concurrency",
    "2",
    "--without-gossip",
    "-l",
    "WARNING",
)


def wait_until(done: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def reminders() -> list[str]:
    facts = {"title": "t", "period_from": "2025-03-02", "period_to": "2026-03-01", "uid": "u"}
    lupe = person("lupe")
    return [
        notices.tell("measurement-due", to=lupe, about=f"projects.application:{n}", **facts).message_id
        for n in range(HOW_MANY)
    ]


@pytest.mark.parametrize("moment", ["before the server answers", "after the server answered"])
def test_rule_N1_a_worker_killed_while_sending_loses_none_and_repeats_only_the_one_in_hand(
    moment: str, start: Start, broker: str
) -> None:
    expected = reminders()
    tasks = Celery(broker=broker)
    with Sink() as sink:
        mail = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(sink.port),
            "NOTICE_STALE_SECONDS": "1",
        }
        worker = start("celery", *WORKER, **mail)

        def at_the_fifth(count: int) -> None:
            if count == 5:
                kill(worker)

        if moment.startswith("before"):
            sink.before_answer = at_the_fifth
        else:
            sink.after_answer = at_the_fifth
        tasks.send_task("accounts.tasks.send_notices")
        wait_until(lambda: worker.poll() is not None, 40)
        assert len(sink.messages) in {5, 6}  # the sixth may have been under way while the kill fell

        start("celery", *WORKER, **mail)
        time.sleep(1.1)  # the claim of the dead worker gets stale
        tasks.send_task("accounts.tasks.send_notices")
        ended = Notice.objects.filter(state__in=[Notice.State.SENT, Notice.State.UNKNOWN])
        wait_until(lambda: ended.count() == HOW_MANY, 40)

        counts = Counter(sink.ids())
    assert set(counts) == set(expected), "none is lost"
    repeated = {message for message, count in counts.items() if count > 1}
    unknown = set(Notice.objects.filter(state=Notice.State.UNKNOWN).values_list("message_id", flat=True))
    assert repeated <= unknown, "what was repeated is shown as such"
    assert len(unknown) <= 1
    assert max(counts.values()) <= 2


def test_a_worker_notes_that_it_is_alive_as_soon_as_it_is_ready(start: Start, broker: str) -> None:
    import redis

    start("celery", *WORKER)
    url = broker.replace("redis+socket://", "unix://")
    with redis.Redis.from_url(f"{url}?db=1") as cache:
        wait_until(lambda: bool(cache.keys("*fiprev:heartbeat*")), 40)
