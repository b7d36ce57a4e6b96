"""Rules A-1, A-2, A-9, X-2: tax ids, size, who acts for a firm, and what nobody is told."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEvent, Notice
from fund.models import Sector
from projects import applications, firms
from projects.duplicates import shared_with
from projects.gates import application_for, firm_for, link_of
from projects.models import Firm, FirmMember
from projects.taxids import read_tax_id
from tests.stories.projects import FIRMS, draft, funded, registered_firm
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db
RFC = FIRMS["lupe"]["tax_id"]


@pytest.mark.parametrize(
    ("country", "typed", "number", "doubtful", "of_person"),
    [
        ("MX", "CPA950612QX1", "CPA950612QX1", False, False),
        ("MX", " cpa-950612 qx1 ", "CPA950612QX1", False, False),
        ("MX", "CPA950612QX2", "CPA950612QX2", True, False),
        ("MX", "CPA950612000", "CPA950612000", True, False),
        ("MX", "TOLG700402A0Z", "TOLG700402A0Z", True, True),
        ("MX", "GARC800101AB1", "GARC800101AB1", False, True),
        ("CL", "76.086.428-5", "760864285", False, False),
        ("CO", "213.123.432-1", "2131234321", False, False),
        ("PE", "20512333797", "20512333797", False, False),
    ],
)
def test_rule_A1_a_tax_id_is_read_as_people_type_it(country, typed, number, doubtful, of_person):
    read = read_tax_id(country, typed)
    assert (read.number, read.doubtful, read.of_person) == (number, doubtful, of_person)


@pytest.mark.parametrize(
    ("country", "typed", "sentence"),
    [
        ("MX", "XAXX010101000", "is the generic RFC"),
        ("MX", "xexx010101000", "is the generic RFC"),
        ("MX", "CPA951332QX1", "is not an RFC"),
        ("MX", "TOLG700402", "is not an RFC"),
        ("MX", "12345", "is not an RFC"),
        ("MX", "", "is not an RFC"),
        ("CL", "76.086.428-6", "is not a RUT"),
        ("CO", "213.123.432-2", "is not a NIT"),
        ("PE", "20512333798", "is not a RUC"),
    ],
)
def test_rule_A1_a_wrong_tax_id_is_refused_with_what_would_be_right(country, typed, sentence):
    with bad_input("tax_id", sentence):
        read_tax_id(country, typed)


def test_rule_G4_the_fund_does_not_lend_everywhere():
    with bad_input("country", "does not lend in this country"):
        read_tax_id("FR", "12345678901")


def test_rule_A1_a_wrong_check_digit_only_warns():
    firm = firms.register_firm(country="MX", tax_id="CPA950612QX2", by=person("lupe"), on=DAY)
    assert firm.tax_id_doubtful


def test_rule_A2_the_size_class_follows_the_figures():
    firm = registered_firm()
    assert firm.size_class == "small"
    firm = firms.update_firm(firm=firm, data={"workers": 3, "women_workers": 1}, by=person("lupe"), on=DAY)
    assert firm.size_class == "small"
    firm = firms.update_firm(firm=firm, data={"yearly_sales": Decimal("2000000")}, by=person("lupe"), on=DAY)
    assert firm.size_class == "micro"


def test_rule_A1_more_women_than_workers_cannot_be():
    with bad_input("women_workers", "41 women among 40 workers"):
        firms.update_firm(firm=registered_firm(), data={"women_workers": 41}, by=person("lupe"), on=DAY)


# Naming a firm -----------------------------------------------------------------------------------


def test_rule_A1_naming_the_same_firm_twice_gives_the_same_firm():
    first = firms.register_firm(country="MX", tax_id=RFC, by=person("lupe"), on=DAY)
    assert firms.register_firm(country="MX", tax_id=RFC.lower(), by=person("lupe"), on=DAY) == first


def test_rule_X2_a_known_tax_id_gives_the_same_answer_as_an_unknown_one():
    registered_firm()
    known = firms.register_firm(country="MX", tax_id=RFC, by=person("ana"), on=DAY)
    unknown = firms.register_firm(country="MX", tax_id="FUN880314AB4", by=person("ana"), on=DAY)
    assert known.legal_name == unknown.legal_name == ""
    assert known.confirmed == unknown.confirmed is False
    assert link_of(person("ana"), known).role == link_of(person("ana"), unknown).role


def test_rule_A1_the_draft_can_be_filled_at_once_but_not_submitted():
    funded()
    application = draft(registered_firm(confirmed=False))
    with refused("A-1", "has not confirmed yet"):
        applications.submit(application=application, by=person("lupe"), on=DAY)
    firms.confirm_member(member=application.firm.members.get(), by=person("rosa"), on=DAY)
    assert applications.submit(application=application, by=person("lupe"), on=DAY).ref


def test_rule_A1_a_confirmed_claim_joins_the_firm_on_record_with_its_papers():
    firm = registered_firm()
    claim = firms.register_firm(country="MX", tax_id=RFC, role="adviser", by=person("ana"), on=DAY)
    application = applications.start(firm=claim, by=person("ana"), on=DAY)
    member = firms.confirm_member(member=claim.members.get(), by=person("lupe"), on=DAY)
    application.refresh_from_db()
    claim.refresh_from_db()
    assert (member.firm, application.firm, claim.merged_into) == (firm, firm, firm)
    assert member.role == FirmMember.Role.ADVISER
    assert application_for(person("ana"), application.uid) == application
    assert application_for(person("lupe"), application.uid) == application


def test_rule_A1_the_owner_hears_of_a_claim_and_the_asker_hears_nothing():
    registered_firm()
    firms.register_firm(country="MX", tax_id=RFC, by=person("ana"), on=DAY)
    assert list(Notice.objects.filter(kind="firm-link-asked").values_list("email", flat=True)) == [
        "lupe@fiprev.example"
    ]


def test_rule_A1_nobody_confirms_himself_and_no_stranger_confirms():
    firm = registered_firm(confirmed=False)
    with denied("Only the owner"):
        firms.confirm_member(member=firm.members.get(), by=person("lupe"), on=DAY)
    with denied("Only the owner"):
        firms.confirm_member(member=firm.members.get(), by=person("memo"), on=DAY)
    own = firms.register_firm(country="MX", tax_id="FUN880314AB4", by=person("rosa"), on=DAY)
    with denied("Nobody confirms himself"):
        firms.confirm_member(member=own.members.get(), by=person("rosa"), on=DAY)


def test_rule_A1_confirming_twice_is_once():
    firm = registered_firm()
    again = firms.confirm_member(member=firm.members.get(), by=person("rosa"), on=DAY)
    assert again.confirmed_on == DAY
    assert AuditEvent.objects.filter(verb="firm.member_confirmed").count() == 1


def test_rule_A1_a_request_turned_down_closes_the_papers_and_says_why():
    registered_firm()
    claim = firms.register_firm(country="MX", tax_id=RFC, by=person("ana"), on=DAY)
    member = claim.members.get()
    with refused("A-1", "Say why"):
        firms.refuse_member(member=member, reason=" ", by=person("lupe"), on=DAY)
    firms.refuse_member(member=member, reason="No la conocemos", by=person("lupe"), on=DAY)
    assert link_of(person("ana"), claim) is None
    assert Notice.objects.get(kind="firm-link-refused").facts["reason"] == "No la conocemos"
    with refused("A-1", "already turned down"):
        firms.confirm_member(member=member, by=person("rosa"), on=DAY)


def test_rule_A1_a_firm_keeps_an_owner():
    firm = registered_firm()
    with refused("A-1", "needs an owner"):
        firms.refuse_member(member=firm.members.get(), reason="Se va", by=person("rosa"), on=DAY)


def test_rule_A1_one_record_per_country_and_tax_id_says_the_database():
    firm = registered_firm()
    claim = firms.register_firm(country="MX", tax_id=RFC, by=person("ana"), on=DAY)
    claim.confirmed_by, claim.confirmed_on = person("rosa"), DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save()
    assert Firm.objects.of_record().get(tax_id=RFC) == firm


@pytest.mark.parametrize("role", ["viewer", "adviser"])
def test_rule_A1_viewers_and_advisers_do_not_submit(role):
    funded()
    application = draft(registered_firm())
    application.firm.members.update(role=role)
    with denied():
        applications.submit(application=application, by=person("lupe"), on=DAY)


def test_rule_A1_a_viewer_changes_nothing():
    firm = registered_firm()
    firm.members.update(role="viewer")
    with denied("may not change"):
        firms.update_firm(firm=firm, data={"workers": 5}, by=person("lupe"), on=DAY)
    with denied("may not start"):
        applications.start(firm=firm, by=person("lupe"), on=DAY)


# Gates and warnings -----------------------------------------------------------------------------


def test_rule_X2_a_firm_is_404_to_an_outsider():
    from django.http import Http404

    firm = registered_firm()
    assert firm_for(person("lupe"), firm.pk) == firm
    assert firm_for(person("rosa"), firm.pk) == firm
    for name in ("memo", "diana", "tomas"):
        with pytest.raises(Http404):
            firm_for(person(name), firm.pk)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"phone": "(477) 1234567"}, "telephone"),
        ({"email": "TALLER@lapaloma.example"}, "e-mail"),
        ({"address": FIRMS["lupe"]["address"].upper()}, "address"),
    ],
)
def test_rule_A9_what_two_firms_share_warns_the_staff(changes, what):
    tannery = registered_firm()
    foundry = registered_firm("memo", **changes)
    (shared,) = shared_with(foundry)
    assert (str(shared.what), shared.firm) == (what, tannery)


def test_rule_A9_a_claim_to_a_known_tax_id_warns_too():
    firm = registered_firm()
    claim = firms.register_firm(country="MX", tax_id=RFC, by=person("ana"), on=DAY)
    assert [str(shared.what) for shared in shared_with(claim)] == ["tax id"]
    assert shared_with(firm)[0].firm == claim


def test_rule_A9_strangers_share_nothing():
    assert shared_with(registered_firm("memo")) == []
    registered_firm()
    assert shared_with(registered_firm("memo")) == []


# Countries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "tax_id", "sales", "size"),
    [
        ("CL", "76.086.428-5", "50000000", "micro"),
        ("CL", "76.086.428-5", "900000000", "small"),
        ("CO", "213.123.432-1", "5000000000", "small"),
        ("PE", "20512333797", "900000", "small"),
        ("PE", "20512333797", "12600000", "medium"),
        ("PE", "20512333797", "12700000", "large"),
    ],
)
def test_rule_G4_a_firm_of_each_country_registers_and_is_sized(country, tax_id, sales, size):
    firm = firms.register_firm(
        country=country,
        tax_id=tax_id,
        by=person("lupe"),
        on=DAY,
        sector=Sector.objects.get(code="tanning"),
        workers=20,
        yearly_sales=Decimal(sales),
    )
    assert firm.size_class == size


def test_a_phone_is_kept_as_digits():
    assert firms.normal_phone("+52 (477) 123-4567") == "+524771234567"
    assert firms.normal_phone("") == ""
