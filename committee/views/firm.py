"""What the firm finds after a decision: the letter, and the conditions that it has to meet (A-8, C-10)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.clock import today
from accounts.errors import Refusal
from accounts.forms import attempt
from accounts.labels import LANGUAGES
from accounts.permissions import SignedRequest, allow, may, signed_in
from committee import conditions, letters, proofs
from committee.forms import ProofForm, ReasonForm
from committee.models import Condition, ConditionProof
from projects.gates import application_for


@signed_in
def letter(request: SignedRequest, uid: UUID) -> HttpResponse:
    """The letter of decision as a sealed paper, in the language of the reader."""
    found = application_for(request.user, uid)
    language = (get_language() or "es").split("-")[0]
    paper = letters.paper(found, language=language if language in LANGUAGES else "es")
    return redirect("fund:document", paper.number)


@signed_in
def condition(request: SignedRequest, ref: str) -> HttpResponse:
    """One condition: what it asks for, what was sent, and the place to send it."""
    found = proofs.condition_for(request.user, ref)
    form = ProofForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        done = attempt(
            form,
            lambda: proofs.hand_in(
                condition=found, note=said["note"], upload=said["file"], by=request.user, on=today()
            ),
        )
        if done:
            messages.success(request, _("Sent. The fund looks at it and writes to you."))
            return redirect("committee:condition", ref)
    return _page(request, found, form, ReasonForm())


def _page(request: SignedRequest, found: Condition, form: ProofForm, refusal: ReasonForm) -> HttpResponse:
    rows = ConditionProof.objects.select_related("file", "sent_by", "seen_by")
    prefetch_related_objects([found], Prefetch("proofs", rows))
    sent = list(found.proofs.all())
    waits = next((proof for proof in sent if proof.state == ConditionProof.State.SENT), None)
    is_open = found.state == "open"
    sends = is_open and not waits and _may_hand_in(request, found)
    settles = is_open and any(request.user.may(perm) for perm in conditions.SETTLERS)
    places = ((form, sends), (refusal, settles and waits))
    return render(
        request,
        "committee/condition.html",
        {
            "condition": found,
            "application": proofs.application_of(found),
            "proofs": sent,
            "waits": waits,
            "late": found.is_late(today()),
            "form": form if sends else None,
            "refusal": refusal,
            "may_settle": settles,
            "too_late": next((one for one, shown in places if one.errors and not shown), None),
            "names": request.user.is_staff_member,
        },
    )


def _may_hand_in(request: SignedRequest, found: Condition) -> bool:
    return may(proofs.check_may_hand_in, request.user, found)


@allow(*conditions.SETTLERS)
@require_POST
def proof_take(request: SignedRequest, pk: int) -> HttpResponse:
    proof = _proof(request, pk)
    try:
        proofs.take(proof=proof, by=request.user, on=today())
        messages.success(request, _("%(ref)s is met.") % {"ref": proof.condition.ref})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("committee:condition", proof.condition.ref)


@allow(*conditions.SETTLERS)
@require_POST
def proof_refuse(request: SignedRequest, pk: int) -> HttpResponse:
    proof = _proof(request, pk)
    form = ReasonForm(request.POST)
    if (
        form.is_valid()
        and attempt(
            form,
            lambda: proofs.refuse(
                proof=proof, reason=form.cleaned_data["reason"], by=request.user, on=today()
            ),
        )
        is not None
    ):
        messages.success(request, _("The firm reads why, and may send another proof."))
        return redirect("committee:condition", proof.condition.ref)
    return _page(request, proof.condition, ProofForm(), form)


def _proof(request: SignedRequest, pk: int) -> ConditionProof:
    """A proof of an application that this person may read."""
    found = get_object_or_404(ConditionProof.objects.select_related("condition__resolution__item"), pk=pk)
    proofs.condition_for(request.user, found.condition.ref)
    return found
