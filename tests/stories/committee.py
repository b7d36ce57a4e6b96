"""Bodies with their people, applications read and recommended, sessions held: all by the real verbs.

    seated()                                   the cast of C-1 in its seats
    application = complete_application()       a file that is ready for evaluation
    evaluated(application)                     both readings finished
    recommended(application)                   the commission's agreement
    decided(application, conditions=[...])     the committee's resolution
    approved_application()                     all of it: (application, resolution)

Every step takes `on`; a session needs its notice (7 days), so `recommended` and `decided` plan ahead of their day.
"""

from datetime import date, timedelta
from decimal import Decimal

from committee import bodies, decisions, evaluations, minutes, sessions
from committee.models import Appointment, Body, Resolution, Seat, Session
from fund.models import AdminUnit, Sector
from projects import applications, firms
from projects.models import Application
from tests.stories import projects
from tests.world import DAY, START, person

SEATED = {
    ("CT", "CONCAMIN"): "carlos",
    ("CT", "CEC"): "claire",
    ("CT", "CCIB"): "nora",
    ("CT", "USCIB"): "pablo",
    ("CT", "UNAM"): "quinn",
    ("CT", "WEC"): "vera",
    ("CE", "FUNTEC"): "hector",
    ("CE", "CEC"): "julia",
    ("CE", "IPN"): "ines",
    ("CE", "NAFIN"): "raul",
    ("CE", "SEMARNAT"): "olga",
    ("CE", "BANCOMEXT"): "luis",
}
INVESTMENT = Decimal("520000.00")
LINES = (("equipment", "Filter press and tank", "460000.00"), ("works", "Pipes and fitting", "60000.00"))
PROJECT = {
    "title": "Chrome recovery in the tanning drums", "technique": "Direct recycling of chrome liquor",
    "summary": "Spent chrome liquor is filtered and used again instead of being discharged.",
    "change": "A filter press and a tank bring the liquor back to the drums.",
    "purpose": "process", "audit_plan": "",
}  # fmt: skip
BENEFITS = {
    "rows": [("W1", "m3", "32", "21"), ("Q4", "kg", "6.5", "2.5")],
    "production": Decimal(1200),
    "costs": ("600000.00", "310000.00"),
}
SEAT_OF = {name: code for (_body, code), name in SEATED.items()}
NOTICE = timedelta(days=7)


def seat(body, code):
    return Seat.objects.get(body__code=body, code=code)


def seated(*codes, since=START):
    """The cast in the seats of C-1 (of these bodies, or of both); Funtec's seat in the committee stays vacant."""
    taken = set(Appointment.objects.values_list("seat__body__code", "seat__code"))
    for (body, code), name in SEATED.items():
        if (not codes or body in codes) and (body, code) not in taken:
            bodies.appoint(
                seat=seat(body, code), person=person(name), since=since, by=person("sofia"), on=since
            )


def complete_application(owner="lupe", *, amount="400000.00", name="Curtidos La Paloma", on=DAY):
    """A confirmed firm's file after the completeness check, with one frozen version; each time of a new firm."""
    user = person(owner)
    projects.funded(on)
    firm = firms.register_firm(
        country="MX", tax_id=f"CPA960101A{Application.objects.count():02d}", by=user, on=on, legal_name=name,
        sector=Sector.objects.get(code="tanning"), workers=18, yearly_sales=Decimal("9000000.00"),
        state=AdminUnit.objects.get(country="MX", code="11"), municipality="León", address="Calle del Curtidor 45",
        phone="477 123 4567", email=user.email,
    )  # fmt: skip
    firms.confirm_member(member=firm.members.get(), by=person("rosa"), on=on)
    firm.refresh_from_db()
    application = applications.start(firm=firm, by=user, on=on)
    for step, data in (
        ("project", PROJECT),
        ("budget", projects.budget_of(amount, str(INVESTMENT - Decimal(amount)), lines=LINES)),
        (
            "benefits",
            projects.benefits_of(BENEFITS) | {"useful_life_years": 8, "benefit_note": "By the bills."},
        ),
    ):
        projects.save(application, step, data, user, on)
    projects.with_papers(application, by=user, on=on)
    applications.submit(application=application, by=user, on=on)
    applications.confirm_complete(application=application, by=person("rosa"), on=on)
    return Application.objects.get(pk=application.pk)


def assigned(application, *, on=DAY, technical="tomas", financial="elena"):
    return evaluations.assign(
        application=application, technical=person(technical), financial=person(financial),
        by=person("sofia"), on=on,
    )  # fmt: skip


def read(evaluation, *, on=DAY, values=(4, 4, 3, 4, 3), proposal="approve"):
    """Declare no conflict, score everything, finish."""
    who = {"evaluation": evaluation, "by": evaluation.evaluator, "on": on}
    evaluations.declare(conflict=False, **who)
    codes = [criterion.code for criterion in evaluation.rubric.criteria.all()]
    scores = {code: (value, f"Seen in the file: {code}.") for code, value in zip(codes, values, strict=True)}
    evaluations.score(scores=scores, **who)
    evaluations.finish(opinion="A sound measure with proven savings.", proposal=proposal, **who)


def evaluated(application, *, on=DAY):
    for evaluation in assigned(application, on=on):
        read(evaluation, on=on)
    application.refresh_from_db()
    return application


def called(body, *matters, on=DAY, held_on=None, planned_on=None):
    """A called session of the body on `held_on` with these applications (or ready-made item keywords)."""
    held_on = held_on or on
    day = planned_on or held_on - NOTICE
    by = person("sofia")
    session = sessions.plan(
        body=Body.objects.get(code=body),
        held_on=held_on,
        place="León, Guanajuato, and by video",
        by=by,
        on=day,
    )
    for matter in matters:
        if isinstance(matter, Application):
            matter = {
                "kind": "application",
                "reference": matter.ref,
                "title": f"{matter.firm}: {matter.title}",
            }
        sessions.add_item(session=session, by=by, on=day, **matter)
    return sessions.call(session=session, by=by, on=day)


def opened(session: Session, *, absent=(), remote=(), on=None):
    """Open it and note as present everybody of the cast who sits in the body, except `absent`."""
    by, on = person("sofia"), on or session.held_on
    session = sessions.open_session(session=session, by=by, on=on)
    seated(session.body.code)
    for (body, code), name in SEATED.items():
        if body == session.body.code and name not in absent:
            sessions.mark_present(
                session=session,
                seat=seat(body, code),
                person=person(name),
                remote=name in remote,
                by=by,
                on=on,
            )
    return session


def on_agenda():
    """The item of a complete file before the Technical Committee, recommended, in an open session."""
    application = evaluated(complete_application())
    recommended(application)
    seated("CT")
    return opened(called("CT", application, held_on=DAY + 2 * NOTICE)).items.get()


def voted(item, votes, *, on=None):
    """Open the vote and cast: {"carlos": "for", ...}; everybody by himself."""
    on = on or item.session.held_on
    decisions.open_vote(item=item, by=person("sofia"), on=on)
    for name, vote in votes.items():
        decisions.cast_vote(item=item, vote=vote, by=person(name), on=on)
    item.refresh_from_db()
    return item


def members(body):
    return [name for (code, _seat), name in SEATED.items() if code == body]


def unanimous(body, vote="for"):
    return dict.fromkeys(members(body), vote)


#: What a firm reads that was turned down.
GROUNDS = "La línea base trae tres meses de recibos, no doce."


def resolved(body, matter, *, on, vote="for", amount=None, conditions=()) -> Resolution:
    """One session of the body with this one item (an application, or keywords of another), voted and closed."""
    seated(body)
    session = opened(called(body, matter, held_on=on), on=on)
    item = session.items.get()
    voted(item, unanimous(body, vote), on=on)
    grounds = GROUNDS if vote == "against" else ""
    resolution = decisions.close_item(
        item=item, amount=amount, conditions=conditions, grounds=grounds, by=person("sofia"), on=on
    )
    sessions.close_session(session=session, by=person("sofia"), on=on)
    if isinstance(matter, Application):
        matter.refresh_from_db()
    return resolution


def recommended(application, *, on: date = DAY + NOTICE, **options) -> Resolution:
    """The Executive Commission's agreement."""
    return resolved("CE", application, on=on, **options)


def decided(application, *, on: date = DAY + 2 * NOTICE, **options) -> Resolution:
    """The Technical Committee's resolution."""
    return resolved("CT", application, on=on, **options)


def approved_application(*, conditions=(), amount=None, on: date = DAY, **options):
    """An application taken from the complete file to the approval: (application, resolution)."""
    application = evaluated(complete_application(on=on, **options), on=on)
    recommended(application, on=on + NOTICE)
    resolution = decided(application, on=on + 2 * NOTICE, conditions=conditions, amount=amount)
    return application, resolution


def minuted(session, *, on=None):
    """Drafted and signed by both chairs: sealed."""
    on = on or session.held_on
    session = minutes.draft(session=session, by=person("sofia"), on=on)
    for row in minutes.signers(session):
        session = minutes.sign(session=session, by=row.person, on=on)
    return session
