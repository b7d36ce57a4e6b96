"""One's own pages, what waits for one, files, messages and the trail."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_filters import ChoiceFilter, FilterSet

from accounts import audit, emails, files, previews, registries
from accounts import notices as letters
from accounts.clock import today
from accounts.formats import NOTHING
from accounts.forms import ProfileForm, attempt
from accounts.listing import Column, listing
from accounts.models import AuditEvent, Notice, StoredFile
from accounts.permissions import Perm, SignedRequest, allow, public, signed_in

THEMES = {"light", "dark", "auto"}


@signed_in
def landing(request: SignedRequest) -> HttpResponse:
    """Where sign-in leads: the staff to their work, a firm to its applications, a donor to the reports."""
    if request.user.may(Perm.STAFF_HOME):
        return redirect("accounts:work")
    if request.user.may(Perm.DONOR_READ):
        return redirect("reports:index")
    return redirect("projects:my")


@allow(Perm.STAFF_HOME)
def work(request: SignedRequest) -> HttpResponse:
    queues = [
        {"title": w.queue.title, "rows": w.rows, "more": w.more, "url": _url(w.queue.url)}
        for w in registries.work_of(request.user)
    ]
    return render(
        request,
        "accounts/work.html",
        {"queues": queues, "dates": registries.dates_of(request.user), "today": today()},
    )


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@signed_in
def profile(request: SignedRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if form.is_valid():
        before = {name: form.initial[name] for name in form.changed_data}
        form.save()
        after = {name: form.cleaned_data[name] for name in form.changed_data}
        audit.record("user.changed", request.user, by=request.user, on=today(), before=before, after=after)
        translation.activate(request.user.language)
        messages.success(request, _("Saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form})


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if safe else "/"


@public
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and on the person who is signed in (G-2)."""
    response = redirect(_back(request))
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=31_536_000, samesite="Lax")
        if request.user.is_authenticated:
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    response = redirect(_back(request))
    if (theme := request.POST.get("theme", "")) in THEMES:
        response.set_cookie("theme", theme, max_age=31_536_000, samesite="Lax")
    return response


@signed_in
def file(request: SignedRequest, uid: UUID) -> HttpResponseBase:
    """The original, always as an attachment; the staff's reads are logged (X-4, X-5)."""
    stored = get_object_or_404(StoredFile, uid=uid)
    files.check_may_open(request.user, stored)
    if request.user.is_staff_member:
        audit.record_read("file", stored, by=request.user)
    return FileResponse(stored.content.open("rb"), as_attachment=True, filename=stored.name)


@signed_in
def file_preview(request: SignedRequest, uid: UUID) -> HttpResponse:
    """A small picture of the file, for whoever may open the file itself (X-5)."""
    stored = get_object_or_404(StoredFile, uid=uid)
    files.check_may_open(request.user, stored)
    if not previews.has_preview(stored):
        raise Http404
    if request.user.is_staff_member:
        audit.record_read("preview", stored, by=request.user)
    answer = HttpResponse(previews.preview(stored), content_type=previews.KIND)
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


class NoticeFilter(FilterSet):
    state = ChoiceFilter(choices=Notice.State, label=gettext_lazy("State"))

    class Meta:
        model = Notice
        fields = ["state"]


@allow(Perm.NOTICE_READ, Perm.NOTICE_RELEASE)
def notices(request: SignedRequest) -> HttpResponseBase:
    columns = [
        Column(gettext_lazy("Message"), emails.title, link=lambda n: reverse("accounts:notice", args=[n.pk])),
        Column(gettext_lazy("To"), "email", sort="email"),
        Column(gettext_lazy("About"), "about", sort="about"),
        Column(gettext_lazy("Due"), "due", sort="due"),
        Column(gettext_lazy("State"), "badge"),
        Column(gettext_lazy("Sent"), "sent_at", sort="sent_at"),
    ]
    page = listing(
        request, Notice.objects.all(), columns=columns, filterset=NoticeFilter, filename="notices",
        search=["email", "about", "kind"],
    )  # fmt: skip
    return page if isinstance(page, HttpResponseBase) else render(request, "accounts/notices.html", page)


@allow(Perm.NOTICE_READ, Perm.NOTICE_RELEASE)
def notice(request: SignedRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Notice, pk=pk)
    form = forms.Form(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if attempt(form, lambda: letters.release(notice=found, by=request.user, on=today())):
            messages.success(request, _("Released. It leaves within a minute."))
            return redirect("accounts:notice", pk)
    message = emails.render(found)
    context = {"notice": found, "message": message, "form": form, "about": audit.history(found)}
    return render(request, "accounts/notice.html", context)


@allow(Perm.AUDIT_READ)
def trail(request: SignedRequest) -> HttpResponseBase:
    columns = [
        Column(gettext_lazy("When"), "at"),
        Column(gettext_lazy("Who"), "person", sort="person"),
        Column(gettext_lazy("What"), "verb", sort="verb"),
        Column(gettext_lazy("Object"), "label"),
        Column(gettext_lazy("Reference"), "object", sort="object"),
        Column(gettext_lazy("Before"), lambda e: _pairs(e.before)),
        Column(gettext_lazy("After"), lambda e: _pairs(e.after)),
        Column(gettext_lazy("Reason"), "note"),
    ]
    page = listing(
        request, AuditEvent.objects.all(), columns=columns, filterset=None, filename="audit",
        search=["person", "verb", "object", "label"],
    )  # fmt: skip
    return page if isinstance(page, HttpResponseBase) else render(request, "accounts/audit.html", page)


def _pairs(values: dict[str, object]) -> str:
    return "; ".join(f"{name}: {_said(value)}" for name, value in values.items())


def _said(value: object) -> str:
    """A kept value as a person reads it: a list by commas, nothing as a dash."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(inner)}" for name, inner in value.items()) or NOTHING
    if isinstance(value, list):
        return ", ".join(_said(inner) for inner in value) or NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return NOTHING if value is None or value == "" else str(value)
