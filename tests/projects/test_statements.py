"""What a verb asks of the database: each thing once, and as much for a long file as for a short one."""

from decimal import Decimal as D

import pytest

from accounts.once import remembering
from projects import applications, documents, firms, measurements
from projects.models import ExpectedBenefit, FirmMember
from tests.asking import asked
from tests.stories import benefits as results
from tests.stories.projects import (
    PROJECTS,
    benefits_of,
    draft,
    funded,
    paper,
    registered_firm,
    save,
    submitted,
)
from tests.world import DAY, person, refused

pytestmark = pytest.mark.django_db


# A firm and its people


def test_rule_A1_a_firm_is_named_by_one_reading_of_its_tax_id():
    details = {"country": "MX", "tax_id": "CPA950612QX1", "by": person("lupe"), "on": DAY}
    with remembering():
        firms.register_firm(**details, legal_name="Curtidos")
        with asked(2):
            again = firms.register_firm(**details)
    assert again.legal_name == "Curtidos"


def test_rule_A1_a_person_is_confirmed_by_the_firm_its_people_and_the_one_on_record():
    claim = registered_firm("lupe", confirmed=False)
    member, officer = claim.members.get(), person("rosa")
    with asked(3):
        done = firms.confirm_member(member=member, by=officer, on=DAY)
    assert done.firm.confirmed


# A file


def test_rule_A7_a_paper_is_kept_after_three_readings():
    application = draft(registered_firm(), papers=False)
    owner = person("lupe")
    with asked(3):
        documents.add_document(application=application, kind="quotes", upload=paper(), by=owner, on=DAY)


@pytest.mark.parametrize("rows", [1, 2])
def test_rule_A7_a_file_is_submitted_by_as_many_readings_however_long_it_is(rows):
    funded()
    application = draft(registered_firm())
    said = benefits_of(PROJECTS["lupe"])
    save(application, "benefits", said | {"rows": said["rows"][:rows]}, person("lupe"))
    owner = person("lupe")
    with remembering(), asked(10):
        sent = applications.submit(application=application, by=owner, on=DAY)
    assert len(sent.versions.get().snapshot["benefits.rows"]) == rows + 1


def test_rule_B2_the_savings_are_written_anew_with_the_other_rows():
    application = draft(registered_firm(), papers=False)
    save(application, "benefits", benefits_of(PROJECTS["lupe"]), person("lupe"))
    kept = ExpectedBenefit.objects.filter(application=application).values_list("indicator__code", flat=True)
    assert sorted(kept).count("M1") == 1


def test_rule_A8_a_file_is_called_complete_by_three_readings():
    application, officer = submitted(), person("rosa")
    with asked(3):
        applications.confirm_complete(application=application, by=officer, on=DAY)


# A result


def test_rule_B2_a_report_reads_its_promise_and_its_meter_once():
    project, owner = results.operating(), person("lupe")
    bill, water, said = results.bill(project), results.indicator(), results.figures()
    with remembering(), asked(4):
        measurements.report(
            application=project, indicator=water, period_from=said.period_from, period_to=said.period_to,
            production=said.production, unit=said.unit, production_unit=said.production_unit,
            reading=D(9000), evidence=[bill], by=owner, on=DAY,
        )  # fmt: skip


def test_rule_B4_a_report_is_verified_by_three_readings():
    sent, officer = results.reported(results.operating()), person("bruno")
    with asked(3):
        measurements.verify(measurement=sent, grade="V2", by=officer, on=DAY)


def test_rule_G6_who_belongs_to_the_firm_may_not_verify_and_who_left_it_may():
    sent, officer = results.reported(results.operating()), person("bruno")
    link = FirmMember.objects.create(firm=sent.application.firm, user=officer, asked_on=DAY)
    with refused("G-6", "another officer"):
        measurements.verify(measurement=sent, grade="V2", by=officer, on=DAY)
    link.left_on = DAY
    link.save()
    assert measurements.verify(measurement=sent, grade="V2", by=officer, on=DAY).grade == "V2"
