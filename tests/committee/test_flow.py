"""From the complete file to the sealed minutes, through the real verbs."""

import pytest
from djmoney.money import Money

from committee import conditions, decisions, minutes, readings, recount
from fund import capital
from tests.stories import committee as story
from tests.world import DAY, person

pytestmark = pytest.mark.django_db


def test_the_way_of_an_application_through_both_bodies():
    application = story.evaluated(story.complete_application())
    assert application.state == "evaluating"
    assert list(readings.evaluated()) == [application]

    agreement = story.recommended(application)
    assert agreement.number == "CE-2026-01-A01"
    assert application.state == "recommended"
    assert application.agreement == agreement.number
    assert decisions.resolution_for(application.ref) is None, "the commission recommends, it does not decide"

    resolution = story.decided(application)
    assert resolution.number == "CT-2026-01-R01"
    assert application.state == "approved"
    assert application.resolution == resolution.number
    assert decisions.resolution_for(application.ref) == resolution
    assert capital.reserved(application.ref) == [Money("400000.00", "MXN")]
    assert resolution.paper_hash == resolution.item.paper_hash
    assert resolution.file_version == "F-2026-0001 v1"
    assert resolution.rules["version"] == 1
    assert not list(conditions.open_precedents(application.ref))

    session = story.minuted(resolution.session)
    assert session.state == "sealed"
    assert [row.number for row in minutes.issued(session)][:3] == [
        "CT-2026-01-M-EN",
        "CT-2026-01-M-ES",
        "CT-2026-01-M-FR",
    ]
    assert recount.findings(on=DAY.replace(year=2027)) == []
    assert person("lupe").notices.filter(kind="decision-letter", state="waiting").exists()
