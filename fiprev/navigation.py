"""The map of the site as each person sees it: groups of entries, each with the permission that opens it."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Perm

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry is shown to whoever holds any of `perms`; without perms, to everybody signed in."""

    label: Text
    url_name: str
    icon: str
    perms: tuple[Perm, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    label: Text
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    title: Text
    links: tuple[Link, ...]


PUBLIC: tuple[Entry, ...] = (
    Entry(_("The fund"), "reports:home", "droplets"),
    Entry(_("What a loan costs"), "loans:calculator", "calculator"),
    Entry(_("Results"), "reports:results", "chart-column"),
    Entry(_("Check a document"), "reports:verify", "shield-check"),
)
#: At the foot only: the header has no room for more on one line.
FOOT: tuple[Entry, ...] = (
    Entry(_("How long it takes"), "projects:service-times", "hourglass"),
    Entry(_("Privacy notice"), "projects:privacy-notice", "shield-check"),
)
FIRM: tuple[Entry, ...] = (
    Entry(_("My applications"), "projects:my", "folder-open"),
    Entry(_("My loans"), "loans:mine", "hand-coins"),
    Entry(_("Results"), "reports:results", "chart-column"),
)
STAFF: tuple[tuple[Text, tuple[Entry, ...]], ...] = (
    (_("My work"), (Entry(_("Waiting for me"), "accounts:work", "inbox", (Perm.STAFF_HOME,)),)),
    (
        _("Applications"),
        (
            Entry(_("Board"), "projects:board", "layout-dashboard", (Perm.APPLICATION_READ,)),
            Entry(_("Applications"), "projects:applications", "folder-open", (Perm.APPLICATION_READ,)),
            Entry(_("Firms"), "projects:firms", "factory", (Perm.APPLICATION_READ,)),
            Entry(_("Search"), "projects:search", "search", (Perm.APPLICATION_READ,)),
            Entry(
                _("Evaluations"),
                "committee:evaluations",
                "clipboard-check",
                (Perm.EVALUATION_READ, Perm.EVALUATION_WRITE),
            ),
        ),
    ),
    (
        _("Committee"),
        (
            Entry(_("Sessions"), "committee:sessions", "gavel", (Perm.SESSION_READ,)),
            Entry(_("Resolutions"), "committee:resolutions", "stamp", (Perm.SESSION_READ,)),
            Entry(_("Bodies and seats"), "committee:bodies", "users-round", (Perm.SESSION_READ,)),
        ),
    ),
    (
        _("Loans"),
        (
            Entry(_("Loans"), "loans:loans", "hand-coins", (Perm.LOAN_READ,)),
            Entry(
                _("Contracts"), "loans:contracts", "file-pen-line", (Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN)
            ),
            Entry(
                _("Identity files"),
                "loans:identity_files",
                "id-card",
                (Perm.CONTRACT_DRAFT, Perm.CONTRACT_SIGN, Perm.AUDIT_READ),
            ),
            Entry(
                _("Disbursements"),
                "loans:disbursements",
                "send",
                (Perm.DISBURSEMENT_PREPARE, Perm.DISBURSEMENT_APPROVE),
            ),
            Entry(_("Payments"), "loans:payments", "receipt", (Perm.PAYMENT_RECORD, Perm.PAYMENT_REVERSE)),
            Entry(_("Collections"), "loans:collections", "phone", (Perm.PAYMENT_RECORD, Perm.CONTRACT_DRAFT)),
            Entry(_("To invoice"), "loans:invoices", "receipt-text", (Perm.PAYMENT_RECORD, Perm.LEDGER_READ)),
            Entry(
                _("Bank statements"), "loans:bank", "landmark", (Perm.PAYMENT_RECORD, Perm.PAYMENT_REVERSE)
            ),
        ),
    ),
    (
        _("Money"),
        (
            Entry(_("Capital"), "fund:capital", "landmark", (Perm.CAPITAL_READ,)),
            Entry(_("Ledger"), "fund:ledger", "book-open", (Perm.LEDGER_READ,)),
            Entry(_("Policy and products"), "fund:policy", "scale", (Perm.STAFF_HOME,)),
        ),
    ),
    (
        _("Results"),
        (
            Entry(_("Measurements"), "projects:measurements", "gauge", (Perm.MEASUREMENT_READ,)),
            Entry(_("Indicators"), "projects:indicators", "ruler", (Perm.MEASUREMENT_READ,)),
            Entry(_("Reports"), "reports:index", "chart-column", (Perm.REPORT_READ, Perm.DONOR_READ)),
        ),
    ),
    (
        _("Administration"),
        (
            Entry(_("People and roles"), "accounts:people", "users", (Perm.PEOPLE_MANAGE,)),
            Entry(_("Messages"), "accounts:notices", "mail", (Perm.NOTICE_READ, Perm.NOTICE_RELEASE)),
            Entry(_("Audit trail"), "accounts:audit", "history", (Perm.AUDIT_READ,)),
        ),
    ),
)


def _link(entry: Entry, user: User | AnonymousUser) -> Link | None:
    if entry.perms and not (isinstance(user, User) and any(user.may(perm) for perm in entry.perms)):
        return None
    return Link(entry.label, _address(entry.url_name), entry.icon)


# A page has some thirty of them, and they stay where they are.
_address = cache(reverse)


def _links(entries: tuple[Entry, ...], user: User | AnonymousUser) -> tuple[Link, ...]:
    return tuple(link for entry in entries if (link := _link(entry, user)))


@dataclass(frozen=True, slots=True)
class Navigation:
    """`top` runs along the header; `side` (the staff's) stands beside the page, or in the menu on a phone."""

    top: tuple[Link, ...]
    side: tuple[Group, ...] = ()


def public_links() -> tuple[Link, ...]:
    """What anybody may open, for the foot of every page."""
    return _links((*PUBLIC, *FOOT), AnonymousUser())


def navigation(user: User | AnonymousUser) -> Navigation:
    if not user.is_authenticated:
        return Navigation(top=_links(PUBLIC, user))
    if not user.is_staff_member:
        return Navigation(top=_links(FIRM, user))
    groups = (Group(title, _links(entries, user)) for title, entries in STAFF)
    return Navigation(top=(), side=tuple(group for group in groups if group.links))
