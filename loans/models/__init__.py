"""The loan with its own terms, its schedule in versions, and the money that moved."""

from loans.models.bank import BankMatch
from loans.models.change import ChangeKind, LoanChange
from loans.models.disbursement import Disbursement, Funding
from loans.models.followup import FollowUp
from loans.models.identity import Guarantee, IdentityFile, IdentityPaper, InvoiceFolio, ListCheck
from loans.models.loan import Loan, PayoutAccount
from loans.models.payment import Allocation, Payment
from loans.models.posting import Posting
from loans.models.proof import ProofOfUse
from loans.models.schedule import Instalment, ScheduleVersion

__all__ = [
    "Allocation",
    "BankMatch",
    "ChangeKind",
    "Disbursement",
    "FollowUp",
    "Funding",
    "Guarantee",
    "IdentityFile",
    "IdentityPaper",
    "Instalment",
    "InvoiceFolio",
    "ListCheck",
    "Loan",
    "LoanChange",
    "Payment",
    "PayoutAccount",
    "Posting",
    "ProofOfUse",
    "ScheduleVersion",
]
