"""What waits for whom in the committee's bodies: the work lists and the page that shows them (rules C-4, E-1)."""

import pytest
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.clock import today
from committee import decisions, queues
from tests.committee.conftest import one_before_the_committee
from tests.kept import kept
from tests.world import person

pytestmark = pytest.mark.django_db

told, now = kept(one_before_the_committee)


def test_an_open_vote_waits_for_who_has_not_voted(client, now):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    client.force_login(person("carlos"))
    assert now.session.code in client.get(reverse("accounts:work")).text
    assert now in queues.to_vote(person("carlos"))
    decisions.cast_vote(item=now, vote="for", by=person("carlos"), on=today())
    assert now not in queues.to_vote(person("carlos"))
    assert now in queues.to_vote(person("nora"))


@pytest.mark.parametrize("name", ["sofia", "tomas", "carlos", "hector", "rosa"])
def test_every_queue_answers_for_everybody(now, name):
    decisions.open_vote(item=now, by=person("sofia"), on=today())
    for queue in queues.QUEUES:
        for row in import_string(queue["items"])(person(name)):
            assert import_string(queue["row"])(row)
        assert reverse(queue["url"])
