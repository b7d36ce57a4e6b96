"""The role table as the fund starts with it (X-1): loaded as rows, so that a fund may change its own."""

from dataclasses import dataclass

from accounts.permissions import Perm

READS = (
    Perm.STAFF_HOME,
    Perm.APPLICATION_READ,
    Perm.LOAN_READ,
    Perm.CAPITAL_READ,
    Perm.MEASUREMENT_READ,
    Perm.REPORT_READ,
)
COMMITTEE = (Perm.STAFF_HOME, Perm.SESSION_READ, Perm.VOTE, Perm.CAPITAL_READ, Perm.REPORT_READ)


@dataclass(frozen=True, slots=True)
class RoleRow:
    code: str
    es: str
    en: str
    fr: str
    permissions: tuple[Perm, ...]
    handles_money: bool = False


ROLES = (
    RoleRow(
        "evaluator", "Evaluador", "Evaluator", "Évaluateur",
        (Perm.STAFF_HOME, Perm.EVALUATION_WRITE, Perm.EVALUATION_READ, Perm.REPORT_READ),
    ),
    RoleRow(
        "commission_member", "Vocal de la Comisión Ejecutiva", "Executive Commission member",
        "Membre de la Commission exécutive", (*COMMITTEE, Perm.EVALUATION_READ),
    ),
    RoleRow(
        "commission_head", "Titular de la Comisión Ejecutiva", "Executive Commission co-head",
        "Coresponsable de la Commission exécutive",
        (*COMMITTEE, Perm.EVALUATION_READ, Perm.MINUTES_SIGN),
    ),
    RoleRow(
        "committee_member", "Vocal del Comité Técnico", "Technical Committee member",
        "Membre du Comité technique", COMMITTEE,
    ),
    RoleRow(
        "co_chair", "Copresidente del Comité Técnico", "Technical Committee co-chair",
        "Coprésident du Comité technique", (*COMMITTEE, Perm.MINUTES_SIGN),
    ),
    RoleRow(
        "secretary", "Secretario", "Secretary", "Secrétaire",
        (*READS, Perm.EVALUATION_READ, Perm.EVALUATION_ASSIGN, Perm.SESSION_READ, Perm.SESSION_RUN,
         Perm.NOTICE_READ, Perm.NOTICE_RELEASE),
    ),
    RoleRow(
        "loan_officer", "Oficial de crédito", "Loan officer", "Chargé de crédit",
        (*READS, Perm.APPLICATION_CHECK, Perm.APPLICATION_ENTER, Perm.CONTRACT_DRAFT, Perm.NOTICE_READ),
    ),
    RoleRow(
        "signatory", "Apoderado del fondo", "Signatory", "Signataire du fonds",
        (*READS, Perm.CONTRACT_SIGN), handles_money=True,
    ),
    RoleRow(
        "cashier", "Cajero", "Cashier", "Caissier",
        (*READS, Perm.LEDGER_READ, Perm.DISBURSEMENT_PREPARE, Perm.PAYMENT_RECORD), handles_money=True,
    ),
    RoleRow(
        "treasurer", "Tesorero", "Treasurer", "Trésorier",
        (*READS, Perm.LEDGER_READ, Perm.JOURNAL_WRITE, Perm.DISBURSEMENT_APPROVE, Perm.PAYMENT_REVERSE,
         Perm.CAPITAL_RECORD, Perm.PRODUCT_EDIT, Perm.BOOKS_CHECK, Perm.NOTICE_READ),
        handles_money=True,
    ),
    RoleRow(
        "benefits_officer", "Oficial de beneficios", "Benefits officer", "Chargé des bénéfices",
        (*READS, Perm.MEASUREMENT_VERIFY, Perm.ROLLUP_RUN, Perm.YEAR_CLOSE, Perm.REPORT_ISSUE,
         Perm.NOTICE_READ),
    ),
    RoleRow(
        "donor_representative", "Representante de donante", "Donor representative",
        "Représentant de donateur", (Perm.DONOR_READ, Perm.REPORT_READ),
    ),
    RoleRow(
        "auditor", "Auditor", "Auditor", "Auditeur",
        (*READS, Perm.LEDGER_READ, Perm.BOOKS_CHECK, Perm.AUDIT_READ, Perm.NOTICE_READ,
         Perm.EVALUATION_READ, Perm.SESSION_READ),
    ),
    RoleRow(
        "administrator", "Administrador", "Administrator", "Administrateur",
        (Perm.STAFF_HOME, Perm.PEOPLE_MANAGE, Perm.POLICY_EDIT, Perm.AUDIT_READ, Perm.NOTICE_READ),
    ),
)  # fmt: skip

# grants that one person cannot hold together. An auditor writes nothing; whoever manages people moves no money.
CONFLICTS: frozenset[frozenset[str]] = frozenset(
    [frozenset({"auditor", row.code}) for row in ROLES if row.code != "auditor"]
    + [frozenset({"administrator", row.code}) for row in ROLES if row.handles_money]
    + [
        frozenset({"cashier", "treasurer"}),
        frozenset({"loan_officer", "signatory"}),
        frozenset({"evaluator", "committee_member"}),
        frozenset({"evaluator", "co_chair"}),
    ]
)
