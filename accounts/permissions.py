"""What a person may do: permissions are words, views are marked, refusals carry a reason (X-1, X-2)."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from accounts.errors import Denied, Refusal
from accounts.models import Grant, User

View = Callable[..., HttpResponseBase]


class Perm(StrEnum):
    STAFF_HOME = "staff.home"
    PEOPLE_MANAGE = "people.manage"
    POLICY_EDIT = "policy.edit"
    PRODUCT_EDIT = "product.edit"
    AUDIT_READ = "audit.read"
    NOTICE_READ = "notice.read"
    NOTICE_RELEASE = "notice.release"
    APPLICATION_READ = "application.read"
    APPLICATION_CHECK = "application.check"
    APPLICATION_ENTER = "application.enter"
    EVALUATION_READ = "evaluation.read"
    EVALUATION_ASSIGN = "evaluation.assign"
    EVALUATION_WRITE = "evaluation.write"
    SESSION_READ = "session.read"
    SESSION_RUN = "session.run"
    VOTE = "session.vote"
    MINUTES_SIGN = "minutes.sign"
    LOAN_READ = "loan.read"
    CONTRACT_DRAFT = "contract.draft"
    CONTRACT_SIGN = "contract.sign"
    DISBURSEMENT_PREPARE = "disbursement.prepare"
    DISBURSEMENT_APPROVE = "disbursement.approve"
    PAYMENT_RECORD = "payment.record"
    PAYMENT_REVERSE = "payment.reverse"
    LEDGER_READ = "ledger.read"
    JOURNAL_WRITE = "journal.write"
    CAPITAL_READ = "capital.read"
    CAPITAL_RECORD = "capital.record"
    BOOKS_CHECK = "books.check"
    MEASUREMENT_READ = "measurement.read"
    MEASUREMENT_VERIFY = "measurement.verify"
    ROLLUP_RUN = "rollup.run"
    YEAR_CLOSE = "year.close"
    REPORT_READ = "report.read"
    REPORT_ISSUE = "report.issue"
    DONOR_READ = "donor.read"


class SignedRequest(HttpRequest):
    """The request that a view marked with @allow or @signed_in gets: somebody is signed in."""

    user: User


def allow(*perms: Perm) -> Callable[[View], View]:
    """Mark a view with the permissions that open it: any one of them will do. Anonymous people sign in first."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not any(request.user.may(perm) for perm in perms):
                raise Denied(_("Your roles do not include this."))
            return view(request, *args, **kwargs)

        guarded.allow = perms  # type: ignore[attr-defined]
        return guarded

    return mark


def signed_in(view: View) -> View:
    """Mark a view that anybody signed in may call: the object's own gate decides."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.allow = "signed in"  # type: ignore[attr-defined]
    return guarded


def public(view: View) -> View:
    """Mark a view that everybody may open without signing in."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    opened.allow = "public"  # type: ignore[attr-defined]
    return opened


def may(check: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
    """The boolean of a who-may rule that is written once, as a refusal with a reason."""
    try:
        check(*args, **kwargs)
    except (Denied, Refusal, Http404):
        return False
    return True


def check_may(user: User, perm: Perm) -> None:
    """Raise Denied unless the person holds the permission; every verb of the staff begins with it."""
    if not user.may(perm):
        raise Denied(_("Your roles do not include this."))


def holders(perm: Perm, on: date) -> QuerySet[User]:
    """The active people whose roles in force on that day include the permission."""
    grants = Grant.objects.in_force(on).filter(role__permissions__contains=[perm])
    return User.objects.filter(pk__in=grants.values("user_id"), is_active=True)
