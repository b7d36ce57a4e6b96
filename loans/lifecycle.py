"""The moves of a loan's state and of what belongs to it; verbs of this app make them, nothing else."""

from loans.models import Disbursement, Loan, LoanChange, ProofOfUse

_L = Loan.State
MOVES: frozenset[tuple[str, str]] = frozenset(
    {
        (_L.DRAFTED, _L.SIGNED),
        (_L.DRAFTED, _L.CANCELLED),
        (_L.SIGNED, _L.CANCELLED),
        (_L.SIGNED, _L.ACTIVE),
        (_L.ACTIVE, _L.PAID_OFF),
        # A reversed payment opens the loan again (Rule P-5).
        (_L.PAID_OFF, _L.ACTIVE),
        (_L.ACTIVE, _L.WRITTEN_OFF),
    }
)

_D = Disbursement.State
DISBURSEMENT_MOVES: frozenset[tuple[str, str]] = frozenset(
    {(_D.PREPARED, _D.APPROVED), (_D.PREPARED, _D.CANCELLED)}
)

_P = ProofOfUse.State
PROOF_MOVES: frozenset[tuple[str, str]] = frozenset(
    {(_P.HANDED_IN, _P.ACCEPTED), (_P.HANDED_IN, _P.RETURNED)}
)

_C = LoanChange.State
CHANGE_MOVES: frozenset[tuple[str, str]] = frozenset(
    {(_C.PROPOSED, _C.APPROVED), (_C.PROPOSED, _C.WITHDRAWN)}
)
