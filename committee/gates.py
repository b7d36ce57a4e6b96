"""Who may open a reading, a session, a paper (rules E-1, C-5, X-2): outsiders 404, without the right 403."""

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.errors import Denied
from accounts.models import User
from accounts.permissions import Perm, may
from committee import declarations
from committee.models import AgendaItem, Declaration, Evaluation, Resolution, Session
from committee.models.evaluation import EvaluationState
from committee.models.session import SessionState
from committee.seating import ItemTable, Table
from fund.models import IssuedDocument
from projects.models import Application


def oversees(user: User) -> bool:
    """The secretary runs all sessions, the auditor reads all."""
    return user.may(Perm.SESSION_RUN) or user.may(Perm.AUDIT_READ)


def evaluation_for(user: User, pk: int) -> Evaluation:
    """A reading: for its evaluator, for who assigns and who audits. A conflict closes it (rule E-1)."""
    matter = Concat(Value("application:"), OuterRef("application__ref"))
    conflict = Declaration.objects.filter(person=user, conflict=True, matter=matter)
    evaluation = (
        Evaluation.objects.select_related(
            "application__firm__sector",
            "application__firm__state",
            "application__product",
            "evaluator",
            "rubric",
        )
        .annotate(closed_to_reader=Exists(conflict))
        .filter(pk=pk)
        .first()
    )
    mine = evaluation is not None and evaluation.evaluator_id == user.pk
    if evaluation is None or not (mine or user.may(Perm.EVALUATION_ASSIGN) or user.may(Perm.AUDIT_READ)):
        raise Http404
    if evaluation.closed_to_reader:
        declarations.refuse_recused()
    return evaluation


def table_for(user: User, code: str) -> Table:
    """A session with its places: for the members of its body on its day, the secretary and the auditor."""
    session = Session.objects.filter(code=code).select_related("body").first()
    if session is None:
        raise Http404
    table = Table(session)
    _check_session(user, table)
    return table


def _check_session(user: User, table: Table) -> None:
    if oversees(user):
        return
    if not table.seats_person(user.pk):
        raise Http404
    if table.session.state == SessionState.PLANNED:
        raise Denied(_("This session has not been called yet. You will be told by mail."))


def session_for(user: User, code: str) -> Session:
    return table_for(user, code).session


def may_open_session(user: User, session: Session) -> bool:
    return may(session_for, user, session.code)


def item_table_for(user: User, code: str, position: int) -> ItemTable:
    """An item with places, ballots and declarations, for whoever may open its session.

    The paper has a rule of its own (C-5): a member declares first, the recused read none.
    """
    found = AgendaItem.objects.filter(session__code=code, position=position)
    item = found.select_related("session__body", "resolution").first()
    if item is None:
        raise Http404
    table = ItemTable(item)
    _check_session(user, table.table)
    return table


def item_for(user: User, code: str, position: int) -> AgendaItem:
    return item_table_for(user, code, position).item


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
    opened = (EvaluationState.OPEN, EvaluationState.FINISHED)
    reads = Evaluation.objects.filter(application=application, evaluator=user, state__in=opened)
    conflict = declarations.conflicts_of(user, f"application:{application.ref}")
    asked = User.objects.filter(pk=user.pk).values_list(Exists(conflict), Exists(reads))
    recused, evaluates = asked.get()
    if recused:
        declarations.refuse_recused()
    return True if evaluates else None


def read_minutes(user: User, document: IssuedDocument) -> None:
    """Who opens a session's sealed papers: who may open the session; a public extract is for everybody."""
    if document.kind != "extract":
        session_for(user, document.about.partition(":")[2])
