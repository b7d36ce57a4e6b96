"""The moves of a loan's state and of a disbursement's; verbs of this app make them, nothing else."""

from loans.models import Disbursement, Loan

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
