"""Every frozen tally, recomputed from its stored ballots under the rules it was taken under (rule C-8)."""

from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from accounts.registries import Finding
from committee import papers, voting
from committee.models import Ballot, Resolution
from committee.rules import RuleSet

CHECK = "recount"


def recount(resolution: Resolution) -> tuple[voting.Tally, voting.Quorum]:
    """Tally and quorum from the ballots, the kept presence, the kept recusals and the kept rules."""
    rules = RuleSet.from_dict(resolution.rules)
    item = resolution.item
    tally = voting.tally(
        {ballot.seat.code: voting.Vote(ballot.vote) for ballot in item.ballots.all()},
        presiding=[row["seat"] for row in resolution.presence if row["presides"]],
        majority=rules.majority(item.kind),
        deferred_before=item.deferred_before,
    )
    chairs = [
        voting.Chair(row["seat"], tuple(row["people"]), tuple(row["present"]), row["votes"], row["presides"])
        for row in resolution.presence
    ]
    quorum = voting.quorum(
        chairs,
        recused={row["person"] for row in resolution.recusals},
        presiding_needed=rules.presiding_needed,
    )
    return tally, quorum


def findings(on: date) -> list[Finding]:
    """What differs from the frozen record, of resolutions up to that day; nothing is well."""
    found: list[Finding] = []
    for resolution in _resolutions(on):
        tally, quorum = recount(resolution)
        found += _differences(resolution, resolution.tally, tally.to_dict(), _("the tally"))
        found += _differences(resolution, resolution.quorum, quorum.to_dict(), _("the quorum"))
        if resolution.outcome != tally.outcome.value:
            found.append(_finding(resolution, tally.outcome.value, resolution.outcome, _("the outcome")))
        paper = papers.digest(resolution.item.paper)
        if not resolution.paper_hash == resolution.item.paper_hash == paper:
            found.append(_finding(resolution, paper, resolution.paper_hash, _("the hash of the paper")))
    return found


def count(on: date) -> int:
    return _resolutions(on).count()


def _resolutions(on: date) -> QuerySet[Resolution]:
    ballots = Prefetch("item__ballots", queryset=Ballot.objects.select_related("seat"))
    return (
        Resolution.objects.filter(decided_on__lte=on)
        .select_related("item")
        .prefetch_related(ballots)
        .order_by("pk")
    )


def _differences(
    resolution: Resolution, kept: dict[str, object], again: dict[str, object], what: str
) -> list[Finding]:
    return [
        _finding(resolution, f"{name} = {again[name]}", f"{name} = {kept.get(name)}", what)
        for name in again
        if kept.get(name) != again[name]
    ]


def _finding(resolution: Resolution, expected: str, found: str, what: str) -> Finding:
    message = _("%(number)s: %(what)s differs from what its ballots give.") % {
        "number": resolution.number,
        "what": what,
    }
    return Finding(CHECK, resolution.number, expected, found, message)
