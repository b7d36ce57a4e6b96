"""Loans through their real verbs: contract, account, disbursement, payments."""

from datetime import date
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from djmoney.money import Money

from accounts.models import User
from loans import contracts, disbursements, identity, payments, payout_accounts, proofs
from loans.models import IdentityPaper, Instalment
from loans.payout_plan import Planned
from tests.loans.builders import approved, money_to_lend
from tests.world import DAY, person

CLABE = "032180000118359719"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

FACTS = identity.Facts(
    representative="Guadalupe Torres", position="Sole administrator", identification="INE 1234567890123",
    powers="Deed 4,512 of notary 7 of León, 3 May 2011: general powers, credit included",
    owners=(identity.Owner("Guadalupe Torres", Decimal(60)), identity.Owner("Inés Torres", Decimal(40))),
    consents_on=date(2026, 1, 15),
)  # fmt: skip


def scan(name="contrato.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def drafted(application, *, on=DAY, **wish):
    return contracts.draft(application=application, by=person("rosa"), on=on, **wish)


def signed(application, *, on=DAY, **wish):
    """Drafted by Rosa, signed by Darío, the firm's copy uploaded."""
    loan = contracts.sign(loan=drafted(application, on=on, **wish), by=person("dario"), on=on)
    return contracts.upload_signed_copy(loan=loan, upload=scan(), by=person("rosa"), on=on)


def identified(firm, *, on=DAY):
    """The firm's identity file, complete: facts and papers by Rosa, the lists looked at by Darío."""
    if not identity.gaps(firm):
        return firm
    identity.write(firm=firm, facts=FACTS, by=person("rosa"), on=on)
    for kind in IdentityPaper.REQUIRED:
        identity.add_paper(firm=firm, kind=kind, upload=scan(f"{kind}.pdf"), by=person("rosa"), on=on)
    identity.check_lists(firm=firm, lists="69-B, UN", found=False, note="", by=person("dario"), on=on)
    return firm


def ready(application, *, on=DAY, **wish):
    """Signed, and the account typed by Rosa and seen by Carmen: nothing is missing but money."""
    loan = signed(application, on=on, **wish)
    identified(loan.firm, on=on)
    payout_accounts.type_account(
        loan=loan, number=CLABE, bank="Banco del Bajío", holder=loan.firm.legal_name, by=person("rosa"), on=on
    )
    payout_accounts.see_account(loan=loan, by=person("carmen"), on=on)
    return loan


def prepared(application, *, on=DAY, **wish):
    return disbursements.prepare(loan=ready(application, on=on, **wish), by=person("carmen"), on=on)


def paid_out(application, *, on=DAY, **wish):
    """An active loan whose money left on that day."""
    done = disbursements.approve(
        disbursement=prepared(application, on=on, **wish), by=person("teresa"), on=on
    )
    return fresh(done.loan)


def one_paid_out(*capital, **given):
    """120,000 pesos in twelve instalments, paid out out of capital given as `money_to_lend` takes it."""
    money_to_lend(*capital, **given)
    return paid_out(approved("120000.00", term=12))


def fresh(loan):
    return type(loan).objects.select_related("firm", "application").get(pk=loan.pk)


def rows(loan):
    return list(Instalment.objects.filter(version__loan=loan, version__superseded_on=None).order_by("n"))


def pay(loan, amount, value_on: date, *, on: date | None = None, key="", by="carmen", prepayment=""):
    """Recorded on `on`, by default the value date; the key is made from the figures."""
    return payments.record_payment(
        loan=loan, amount=Money(Decimal(str(amount)), loan.currency), value_on=value_on,
        key=key or f"{loan.ref}:{value_on}:{amount}", by=by if isinstance(by, User) else person(by), on=on or value_on,
        prepayment=prepayment,
    )  # fmt: skip


def pay_row(loan, n, *, days=0, on: date | None = None):
    """Instalment n, so many days after its pay date."""
    row = rows(loan)[n - 1]
    day = date.fromordinal(row.pay_on.toordinal() + days)
    return pay(loan, row.total, day, on=on, key=f"{loan.ref}:row:{n}:{days}")


def plan(*amounts, days=(), milestones=()):
    """Payouts of these amounts, with their earliest days and what has to be reached, where given."""
    whole = [*days, *[None] * len(amounts)], [*milestones, *[""] * len(amounts)]
    return [
        Planned(Decimal(str(amount)), day, text)
        for amount, day, text in zip(amounts, *whole, strict=False)
    ]  # fmt: skip


def proved(loan, *, on=DAY, by="lupe", note="Invoice 118 of the drum and its transfer"):
    """The firm hands in what it used the last payout for, Rosa accepts it."""
    proof = proofs.hand_in(loan=fresh(loan), note=note, by=person(by), on=on, upload=scan("factura.pdf"))
    return proofs.accept(proof=proof, by=person("rosa"), on=on)


def paid_more(loan, *, value_on: date, on: date | None = None, proof=True):
    """The next payout of the plan, with the proof of use of the one before, booked on `on`."""
    if proof:
        proved(loan, on=value_on)
    made = disbursements.prepare(loan=fresh(loan), by=person("carmen"), on=on or value_on)
    disbursements.approve(disbursement=made, by=person("teresa"), on=on or value_on, value_on=value_on)
    return fresh(loan)
