"""Rule C-8: recomputing a tally from its stored ballots gives the frozen outcome, and a difference is found."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import registries
from committee import decisions, recount
from committee.models import AgendaItem, Resolution
from tests.committee.conftest import FREE
from tests.stories import committee as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db
NAMES = story.members("CT")


def resolve(item, votes, recused=()):
    for name in recused:
        decisions.declare_interest(item=item, reason_class="other", by=person(name), on=DAY)
    story.voted(item, votes)
    return decisions.close_item(item=item, by=person("sofia"), on=DAY)


def tamper(statement):
    """Change what the triggers protect, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = origin")


def command(**options):
    out = StringIO()
    code = 0
    try:
        call_command("recount", stdout=out, stderr=StringIO(), **options)
    except SystemExit as stop:
        code = stop.code
    return code, out.getvalue()


def test_rule_C8_an_untouched_record_recounts_to_itself(item):
    resolve(item, story.unanimous("CT"))
    assert recount.findings(DAY) == []
    assert command(on="2026-12-31") == (0, "1 resolutions recounted, 0 differences\n")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE committee_ballot SET vote = 'against' WHERE seat_id = (SELECT min(seat_id) FROM committee_ballot)",
        "DELETE FROM committee_ballot WHERE seat_id = (SELECT min(seat_id) FROM committee_ballot)",
        "UPDATE committee_resolution SET outcome = 'rejected'",
        "UPDATE committee_resolution SET tally = jsonb_set(tally, '{in_favour}', '9')",
        "UPDATE committee_resolution SET quorum = jsonb_set(quorum, '{present}', '2')",
        "UPDATE committee_resolution SET recusals = '[]'",
        'UPDATE committee_agendaitem SET paper = \'{"text": "other"}\'',
        "UPDATE committee_resolution SET rules = jsonb_set(rules, '{two_thirds}', '[\"free\"]')",
    ],
)
def test_rule_C8_whatever_is_changed_behind_our_back_is_found(item, statement):
    resolve(item, {name: "for" for name in NAMES if name != "vera"}, recused=("vera",))
    tamper(statement)
    found = recount.findings(DAY)
    assert found
    assert {row.check for row in found} == {"recount"}
    code, text = command(on="2026-12-31")
    assert code == 1
    assert "CT-2026-01-R01" in text


def test_the_command_speaks_json(item):
    resolve(item, story.unanimous("CT"))
    tamper("UPDATE committee_resolution SET outcome = 'rejected'")
    code, text = command(on="2026-12-31", json=True)
    data = json.loads(text)
    assert (code, data["counted"]) == (1, 1)
    assert data["findings"][0]["expected"] == "approved"


def test_rule_L3_the_recount_is_one_of_the_nightly_checks(item):
    assert "votes recounted from their ballots" in registries.check_names()
    resolve(item, story.unanimous("CT"))
    tamper("UPDATE committee_resolution SET outcome = 'rejected'")
    assert "recount" in {row.check for row in registries.run_checks(DAY)}


def test_rule_C8_a_later_resolution_is_not_counted_for_an_earlier_day(item):
    resolve(item, story.unanimous("CT"))
    assert recount.count(DAY.replace(year=2025)) == 0


votes_of_members = st.fixed_dictionaries(
    {name: st.sampled_from(["for", "against", "abstain", None]) for name in NAMES}
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(votes=votes_of_members, recused=st.sets(st.sampled_from(NAMES[2:]), max_size=2), kind=st.booleans())
def test_rule_C8_property_recount_equals_the_frozen_tally(seated, votes, recused, kind):
    matter = {
        **FREE,
        "kind": "rule_change" if kind else "free",
        "reference": f"N-{AgendaItem.objects.count()}",
    }
    item = story.opened(story.called("CT", matter, held_on=DAY)).items.get()
    given_votes = {name: vote for name, vote in votes.items() if vote and name not in recused}
    for name in recused:
        decisions.declare_interest(item=item, reason_class="other", by=person(name), on=DAY)
    story.voted(item, given_votes)
    if not {"for", "against"} & set(given_votes.values()):
        return
    resolution = decisions.close_item(item=item, by=person("sofia"), on=DAY)
    tally, quorum = recount.recount(Resolution.objects.get(pk=resolution.pk))
    assert tally.to_dict() == resolution.tally
    assert quorum.to_dict() == resolution.quorum
    assert recount.findings(DAY) == []
