"""Who may open a reading, a session, a paper (rules E-1, C-5, X-2): outsiders 404, without the right 403."""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.errors import Denied
from accounts.models import User
from accounts.permissions import Perm, may
from committee import bodies, declarations
from committee.models import AgendaItem, Evaluation, Resolution, Session
from committee.models.evaluation import EvaluationState
from committee.models.session import SessionState
from fund.models import IssuedDocument
from projects.models import Application


def oversees(user: User) -> bool:
    """The secretary runs all sessions, the auditor reads all."""
    return user.may(Perm.SESSION_RUN) or user.may(Perm.AUDIT_READ)


def evaluation_for(user: User, pk: int) -> Evaluation:
    """A reading: for its evaluator, for who assigns and who audits. A conflict closes it (rule E-1)."""
    evaluation = (
        Evaluation.objects.select_related(
            "application__firm__sector",
            "application__firm__state",
            "application__product",
            "evaluator",
            "rubric",
        )
        .filter(pk=pk)
        .first()
    )
    mine = evaluation is not None and evaluation.evaluator_id == user.pk
    if evaluation is None or not (mine or user.may(Perm.EVALUATION_ASSIGN) or user.may(Perm.AUDIT_READ)):
        raise Http404
    declarations.check_not_recused(user, evaluation.matter)
    return evaluation


def session_for(user: User, code: str) -> Session:
    """A session: for the members of its body on its day, the secretary and the auditor."""
    session = Session.objects.select_related("body").filter(code=code).first()
    if session is None or not (oversees(user) or bodies.sits_in(user, session)):
        raise Http404
    if session.state == SessionState.PLANNED and not oversees(user):
        raise Denied(_("This session has not been called yet. You will be told by mail."))
    return session


def may_open_session(user: User, session: Session) -> bool:
    return may(session_for, user, session.code)


def item_for(user: User, code: str, position: int) -> AgendaItem:
    """An item of a session that the person may open; its paper has a gate of its own."""
    session = session_for(user, code)
    item = session.items.filter(position=position).first()
    if item is None:
        raise Http404
    item.session = session
    return item


def check_may_read_paper(user: User, item: AgendaItem) -> None:
    """Rule C-5: a member declares, for the year and for the case, before a paper opens; the recused read none."""
    declarations.check_not_recused(user, item.matter)
    if oversees(user) and not bodies.sits_in(user, item.session):
        return
    if must_declare(user, item):
        raise Denied(
            _("Declare first whether you have an interest in this case: its paper opens after that.")
        )


def must_declare(user: User, item: AgendaItem) -> bool:
    """Whether this member still owes the declaration of the year or of this case."""
    if bodies.sits_in(user, item.session) is None:
        return False
    year = item.session.held_on.year
    return not (declarations.has_declared_year(user, year) and declarations.has_declared(user, item.matter))


def resolution_for(user: User, number: str) -> Resolution:
    """A resolution: for the members of any body, the secretary, the auditor, and staff who read loans."""
    resolution = (
        Resolution.objects.select_related("item", "session__body", "body", "closed_by")
        .filter(number=number)
        .first()
    )
    if resolution is None or not may_read_register(user):
        raise Http404
    return resolution


def may_read_register(user: User) -> bool:
    return any(user.may(perm) for perm in (Perm.SESSION_READ, Perm.APPLICATION_READ, Perm.AUDIT_READ))


def read_application(user: User, application: Application) -> bool | None:
    """What this app says about reading a file (`projects.gates`): an evaluator who declared reads it.

    Raises Denied for whoever declared a conflict in the case, whatever the role (rules E-1, C-5).
    """
    declarations.check_not_recused(user, f"application:{application.ref}")
    opened = (EvaluationState.OPEN, EvaluationState.FINISHED)
    if application.evaluations.filter(evaluator=user, state__in=opened).exists():
        return True
    return None


def read_minutes(user: User, document: IssuedDocument) -> None:
    """Who opens a session's sealed papers: who may open the session; a public extract is for everybody."""
    if document.kind != "extract":
        session_for(user, document.about.partition(":")[2])
