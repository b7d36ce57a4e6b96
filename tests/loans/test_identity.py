"""Rule A-11: the identity file before any money, and its pages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
import time_machine
from django.urls import reverse

from accounts.models import AuditEvent, ReadEvent
from fund import policy
from loans import disbursements, identity, payout_checks
from loans.models import IdentityFile, IdentityPaper, Loan
from tests.loans.builders import approved, firm, money_to_lend
from tests.stories import loans as story
from tests.world import DAY, bad_input, denied, person, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _capital(db):
    money_to_lend("9000000.00")


def fresh(one):
    return type(one).objects.get(pk=one.pk)


def write(one, by="rosa", on=DAY, **changes):
    return identity.write(firm=one, facts=replace(story.FACTS, **changes), by=person(by), on=on)


def check(one, by="dario", found=False, note="", lists="69-B"):
    return identity.check_lists(firm=one, lists=lists, found=found, note=note, by=person(by), on=DAY)


class TestTheFile:
    def test_rule_A11_a_file_names_what_it_lacks_until_it_is_complete(self):
        one = firm()
        assert len(identity.gaps(one)) == 5
        write(one)
        assert "who acts for the firm" not in " ".join(identity.gaps(fresh(one)))
        for kind in IdentityPaper.REQUIRED:
            identity.add_paper(firm=one, kind=kind, upload=story.scan(), by=person("rosa"), on=DAY)
        assert identity.gaps(fresh(one)) == ("the comparison with the lists",)
        check(one)
        assert identity.gaps(fresh(one)) == ()
        identity.require_complete(fresh(one))

    def test_rule_A11_a_name_on_a_list_keeps_the_file_open(self):
        one = story.identified(firm())
        check(one, found=True, note="A namesake on list 69-B")
        assert identity.gaps(fresh(one)) == ("the lists name somebody: A namesake on list 69-B",)
        with refused("A-11", "A namesake"):
            identity.require_complete(fresh(one))
        check(one, note="Another person: other tax id")
        assert identity.gaps(fresh(one)) == ()

    def test_rule_G5_a_correction_is_a_new_version_that_is_compared_again(self):
        one = story.identified(firm())
        write(one, representative="Inés Torres")
        assert [version.number for version in IdentityFile.objects.filter(firm=one)] == [2, 1]
        assert identity.gaps(fresh(one)) == ("the comparison with the lists",)

    def test_the_same_facts_again_are_no_new_version(self):
        one = firm()
        assert write(one) == write(fresh(one))

    @pytest.mark.parametrize(
        ("changes", "field", "sentence"),
        [({"representative": " "}, "representative", "part of the identity file"),
         ({"powers": ""}, "powers", "part of the identity file"),
         ({"owners": ()}, "owners", "at least one person"),
         ({"owners": (identity.Owner("A", D(60)), identity.Owner("B", D("40.01")))}, "owners", "at most 100"),
         ({"owners": (identity.Owner("A", D(0)),)}, "owners", "above 0"),
         ({"consents_on": date(2026, 3, 3)}, "consents_on", "in the future")],
    )  # fmt: skip
    def test_rule_A11_facts_that_cannot_be_are_named(self, changes, field, sentence):
        with bad_input(field, sentence):
            write(firm(), **changes)

    @pytest.mark.parametrize("text", ["Lupe", "Lupe 60", "; 60", "Lupe; much", "Lupe; NaN", "Lupe; 60\nInés"])
    def test_owners_that_cannot_be_read_are_named_by_line(self, text):
        with bad_input("owners", "write a name, a semicolon and the share"):
            identity.read_owners(text)

    def test_owners_are_read_as_they_are_typed(self):
        read = identity.read_owners("Guadalupe Torres; 60\n\n Inés Torres ;39,5 %\n")
        assert [(owner.name, owner.share_pct) for owner in read] == [
            ("Guadalupe Torres", 60),
            ("Inés Torres", D("39.5")),
        ]

    def test_rule_A11_a_comparison_says_which_lists_and_what_was_found(self):
        one = firm()
        with refused("A-11", "Write down who acts"):
            check(one)
        write(one)
        with bad_input("lists", "which lists"):
            check(one, lists=" ")
        with bad_input("note", "what was found"):
            check(one, found=True)

    @pytest.mark.parametrize("name", ["carmen", "teresa", "aldo", "lupe", "ada"])
    def test_rule_X1_the_file_is_the_loan_officers(self, name):
        one = firm("memo")
        with denied():
            write(one, by=name)
        with denied():
            check(one, by=name)
        with denied():
            identity.add_paper(firm=one, kind="powers", upload=story.scan(), by=person(name), on=DAY)

    def test_rule_X4_every_step_leaves_its_trace(self):
        one = story.identified(firm())
        verbs = AuditEvent.objects.filter(object=identity.about(one)).values_list("verb", flat=True)
        assert sorted(set(verbs)) == ["identity.checked", "identity.paper", "identity.written"]


class TestBeforeMoney:
    def test_rule_D2_an_incomplete_file_blocks_the_money(self):
        loan = story.ready(approved())
        write(loan.firm, representative="Somebody else")
        with refused("D-2", "The identity file lacks: the comparison with the lists."):
            disbursements.prepare(loan=loan, by=person("carmen"), on=DAY)
        check(loan.firm)
        assert disbursements.prepare(loan=Loan.objects.get(pk=loan.pk), by=person("carmen"), on=DAY)

    def test_rule_A11_contracts_before_the_law_need_none(self):
        loan = story.signed(approved())
        Loan.objects.filter(pk=loan.pk).update(prepared_on=date(2013, 7, 16))
        codes = [item.code for item in payout_checks.papers(Loan.objects.get(pk=loan.pk), DAY)]
        assert "identity" not in codes
        assert "identity" in [item.code for item in payout_checks.papers(loan, DAY)]

    def test_rule_A11_one_file_serves_all_loans_of_a_firm(self):
        one = firm("memo")
        story.paid_out(approved("20000.00", of=one))
        story.prepared(approved("20000.00", of=one))
        assert IdentityFile.objects.filter(firm=one).count() == 1


class TestKeepingAndNotice:
    def test_rule_A11_loans_above_the_threshold_are_listed(self):
        small = story.paid_out(approved("50000.00", of=firm("memo")))
        large = story.paid_out(approved("400000.00", product="cleaner-process", term=36, of=firm("ana")))
        assert list(identity.to_notify(DAY)) == [large]
        policy.change_policy(
            changes={"identity_notice_from": D("50000.00")}, in_force_from=DAY, note="Lower", by=person("ada"), on=DAY
        )  # fmt: skip
        assert list(identity.to_notify(DAY)) == [large, small]

    def test_rule_A11_the_file_is_kept_ten_years_after_the_last_loan(self):
        loan = story.paid_out(approved("12000.00", term=6))
        assert identity.kept_until(loan.firm, DAY) is None
        Loan.objects.filter(pk=loan.pk).update(paid_off_on=date(2026, 9, 2))
        assert identity.kept_until(loan.firm, DAY) == date(2036, 9, 2)


@pytest.fixture
def at(open_as):
    with time_machine.travel(f"{DAY}T18:00:00Z", tick=False):
        yield open_as


def text(answer):
    return answer.content.decode()


TYPED = {
    "representative": "Guadalupe Torres", "position": "Sole administrator", "identification": "INE 1",
    "powers": "Deed 4,512", "owners": "Guadalupe Torres; 60", "consents_on": "2026-03-01",
}  # fmt: skip


class TestPages:
    def test_rule_A11_a_file_is_written_and_compared_in_the_browser(self, at):
        loan = story.signed(approved())
        page = reverse("loans:identity_file", args=[loan.firm.pk])
        assert "Nothing is written down yet." in text(at("rosa").get(page))
        assert at("rosa").post(f"{page}write/", TYPED).status_code == 302
        for kind in IdentityPaper.REQUIRED:
            assert at("rosa").post(f"{page}paper/", {"kind": kind, "file": story.scan()}).status_code == 302
        assert "Guadalupe Torres" in text(at("dario").get(f"{page}check/"))
        assert at("dario").post(f"{page}check/", {"lists": "69-B", "found": "no"}).status_code == 302
        shown = text(at("dario").get(page))
        assert "Complete" in shown
        assert "Darío Salas" in shown

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [({"owners": "Lupe"}, "Line 1: write a name"), ({"owners": "Lupe; 101"}, "at most 100 percent"),
         ({"consents_on": "2027-01-01"}, "in the future"), ({"powers": ""}, "This field is required")],
    )  # fmt: skip
    def test_rule_A11_what_cannot_be_is_said_with_what_was_typed(self, at, change, sentence):
        loan = story.signed(approved())
        answer = at("rosa").post(reverse("loans:identity_write", args=[loan.firm.pk]), TYPED | change)
        assert sentence in text(answer)
        assert "Sole administrator" in text(answer)
        assert not IdentityFile.objects.exists()

    def test_rule_X3_reading_a_file_is_noted(self, at):
        loan = story.signed(approved())
        at("dario").get(reverse("loans:identity_file", args=[loan.firm.pk]))
        assert ReadEvent.objects.filter(what="identity file", object=identity.about(loan.firm)).exists()

    def test_rule_X2_the_file_is_for_those_who_draft_and_sign(self, at):
        loan = story.ready(approved())
        page = reverse("loans:identity_file", args=[loan.firm.pk])
        paper = reverse("accounts:file", args=[loan.firm.identity_papers.first().file.uid])
        for name, status in (
            ("rosa", 200),
            ("dario", 200),
            ("aldo", 200),
            ("carmen", 403),
            ("lupe", 403),
            ("memo", 403),
        ):
            assert at(name).get(page).status_code == status, name
            assert at(name).get(paper).status_code == (404 if name in ("lupe", "memo") else status), name
        assert at("rosa").get(reverse("loans:identity_file", args=[firm("memo").pk])).status_code == 404

    def test_rule_A11_the_list_and_the_notice(self, at, django_assert_max_num_queries):
        story.paid_out(approved("400000.00", product="cleaner-process", term=36))
        story.signed(approved("20000.00", of=firm("memo")))
        browser = at("rosa")
        with django_assert_max_num_queries(12):
            page = text(browser.get(reverse("loans:identity_files")))
        assert page.count("Complete") >= 1
        assert "the comparison with the lists" in page
        listed = b"".join(browser.get(reverse("loans:identity_notices", args=["csv"]))).decode()
        assert "400000.00" in listed
        assert listed.count("L-2026-") == 1
        assert at("carmen").get(reverse("loans:identity_notices", args=["csv"])).status_code == 403
