"""/healthz, /readyz and /metrics, for whoever keeps the system running."""

import time

import pytest
from django.core.cache import cache

from fiprev import health


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def test_healthz_needs_nothing_but_the_process(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.fixture
def broker(monkeypatch):
    monkeypatch.setitem(health.CHECKS, "broker", lambda: "ok")


@pytest.mark.django_db
def test_readyz_says_that_all_answer(client, broker):
    health.note_heartbeat()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "broker": "ok", "worker": "ok"}


@pytest.mark.django_db
def test_readyz_without_a_heartbeat_says_which_part_is_missing(client, broker):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "no heartbeat yet"


@pytest.mark.django_db
def test_readyz_notices_a_worker_that_stopped(client, broker):
    cache.set(health.HEARTBEAT, time.time() - 600, timeout=None)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["worker"].startswith("last heartbeat 6")


@pytest.mark.django_db
def test_readyz_tells_no_secret_of_a_broken_part(client, monkeypatch):
    monkeypatch.setattr(health.app.conf, "broker_write_url", "redis://:topsecret@127.0.0.1:9/0")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"].startswith("failed (")
    assert b"topsecret" not in answer.content


def test_metrics_do_not_exist_without_a_token_in_the_settings(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_are_for_whoever_has_the_token(client, settings):
    settings.METRICS_TOKEN = "let-me-see"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": "Bearer let-me-see"})
    assert answer.status_code == 200
    assert b"django_http_requests" in answer.content
