"""Pages of a call for staff: the list, one call, its facts and dates, opening, files, the seal."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from core.access import ObjectView, PortalView
from core.audit import entries_of
from core.dates import nice_datetime
from core.enums import AuditAction
from core.transitions import (
    ReasonRequired,
    TransitionNotAllowed,
    steps_open_to,
    transitions_of,
)
from core.versions import ChangedMeanwhile, details_of, version_of

from .. import transitions
from ..call_filters import CallFilter
from ..call_pages import pages_for
from ..callform import files
from ..callform.document import TEXTS, questions_in
from ..callform.editing import GoneMeanwhile
from ..clock import database_now
from ..enums import CallState
from ..forms import building as forms
from ..models import Call, Expression
from ..selectors import building as selectors
from ..selectors.releasing import after_release
from ..services import building as services

STEPS = {
    "start_assessing": transitions.start_assessing,
    "start_deciding": transitions.start_deciding,
    "archive": transitions.archive_call,
}


class CallList(PortalView):
    """All calls, by year and state."""

    permission = "expressions.view_expression_list"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = CallFilter(request.GET, Call.objects.visible_to(request.user), request=request)
        page = selectors.call_list(found.qs, request.GET.get("cursor"))
        may_build = request.user.has_perm("expressions.build_call")
        context = {"filter": found, "page": page, "may_build": may_build}
        return render(request, "expressions/building/calls.html", context)


class CallView(ObjectView):
    """A page about one call, for those who build it."""

    permission = "expressions.build_call"
    lookup = "slug"
    target: Call

    def visible(self) -> models.QuerySet:
        return Call.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(call=self.target, **kwargs)  # type: ignore[misc]

    def to(self, name: str, *args: Any) -> HttpResponse:
        """On to another page of the same call."""
        return redirect(f"expressions:{name}", self.target.slug, *args)

    def refused(self, problem: Exception, name: str = "staff-call") -> HttpResponse:
        messages.error(self.request, str(problem))
        return self.to(name)


class CallPage(CallView, TemplateView):
    """One call: where it stands, how many take part, what comes next."""

    permission = "expressions.view_expression_list"
    template_name = "expressions/building/call.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, call = self.request.user, self.target
        return super().get_context_data(
            **next_steps(user, call),
            counts=selectors.counts_of(call),
            list_url=f"{reverse('expressions:staff-list')}?call={call.pk}",
            pages=pages_for(user, call),
            change=selectors.change_of(call),
            versions=selectors.versions_of(call),
            openings=selectors.seal_openings(call, user),
            history=history(call),
            once_key=uuid4(),
            **kwargs,
        )


def next_steps(user: Any, call: Call) -> dict[str, Any]:
    """What ``user`` may do with ``call`` now, and what it lacks before it can be opened."""
    steps = steps_open_to(user, call, transitions.CALL_STEPS)
    is_draft = call.state == CallState.DRAFT
    return {
        "steps": [step for step in steps if step.name in STEPS],
        "may_open": "open" in {step.name for step in steps},
        "may_build": user.has_perm("expressions.build_call", call),
        "lacks": selectors.lacks(call, timezone.now()) if is_draft else [],
        **decisions_next(user, call),
    }


def decisions_next(user: Any, call: Call) -> dict[str, Any]:
    """Whether ``user`` decides about ``call``, and then what its offers wait for."""
    may_decide = user.has_perm("expressions.decide_call", call)
    is_decided = may_decide and call.state == CallState.DECIDED
    after = after_release(call, user, timezone.now()) if is_decided else []
    return {"may_decide": may_decide, "after": after}


def history(call: Call) -> list[dict[str, Any]]:
    """What happened to a call, as lines of a timeline."""
    found = [
        {"at": step.at, "text": CallState(step.target).label, "who": step.by, "reason": step.reason}
        for step in transitions_of(call)
    ]
    noted = entries_of(call).exclude(note="").exclude(action=AuditAction.VIEWED)
    for entry in noted:
        moved = "closes_at" in entry.changes
        text = _("Closing time moved") if moved else entry.note
        reason = entry.note if moved else ""
        found.append({"at": entry.at, "text": text, "who": entry.by, "reason": reason})
    return sorted(found, key=lambda entry: entry["at"])


class BuilderFormView(CallView, FormView):
    """A form about a call: who saves second is told, and nothing that was typed is lost."""

    template_name = "expressions/building/form_page.html"
    heading: Any = ""
    lead: Any = ""
    saved: Any = ""
    back = "staff-call"
    theirs: list[tuple[str, Any]] = []

    def save(self, form: Any) -> None:
        raise NotImplementedError

    def standing(self) -> dict[str, Any]:
        """What stands now, by the names of the form's fields, to be shown after a conflict."""
        return {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=self.heading,
            lead=self.lead,
            theirs=self.theirs,
            back_url=reverse(f"expressions:{self.back}", args=[self.target.slug]),
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.save(form)
        except ChangedMeanwhile as problem:
            return self.changed_meanwhile(form, problem)
        except services.FormNotRight as problem:
            for words in problem.words:
                form.add_error(None, words)
            return self.form_invalid(form)
        except (TransitionNotAllowed, GoneMeanwhile) as problem:
            return self.refused(problem, self.back)
        messages.success(self.request, self.said(form))
        return self.done()

    def said(self, form: Any) -> str:
        """What is said after saving."""
        return str(self.saved)

    def done(self) -> HttpResponse:
        return self.to(self.back)

    def changed_meanwhile(self, form: Any, problem: ChangedMeanwhile) -> HttpResponse:
        form.see(problem.seen)
        form.add_error(None, str(problem))
        typed = {name: form.cleaned_data.get(name) for name in form.fields}
        self.theirs = [
            (form.fields[name].label, value)
            for name, value in self.standing().items()
            if isinstance(value, str) and name in typed and typed[name] != value
        ]
        return self.form_invalid(form)


class Add(PortalView, FormView):
    """A new call: its facts first."""

    permission = "expressions.build_call"
    template_name = "expressions/building/form_page.html"
    form_class = forms.FactsForm

    def get_initial(self) -> dict[str, Any]:
        return {"year": timezone.localdate().year + 1}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = _("Nobody outside the staff sees it before you open it.")
        back_url = reverse("expressions:staff-calls")
        return super().get_context_data(
            heading=_("New call"), lead=lead, back_url=back_url, **kwargs
        )

    def form_valid(self, form: forms.FactsForm) -> HttpResponse:
        key, by = form.cleaned_data["once_key"], self.request.user
        call = services.create_call(by=by, now=timezone.now(), once_key=key, **form.facts())
        messages.success(self.request, _("The call is begun. Say next when it opens and closes."))
        return redirect("expressions:staff-call", call.slug)


class Import(PortalView, FormView):
    """A new call out of a file."""

    permission = "expressions.build_call"
    template_name = "expressions/building/form_page.html"
    form_class = forms.ImportForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lead = _("The file becomes a new draft. If anything in it is not right, nothing is saved.")
        back_url = reverse("expressions:staff-calls")
        return super().get_context_data(
            heading=_("Import a call"), lead=lead, back_url=back_url, **kwargs
        )

    def form_valid(self, form: forms.ImportForm) -> HttpResponse:
        call = services.import_call(
            document=form.cleaned_data["file"],
            by=self.request.user,
            now=timezone.now(),
            once_key=form.cleaned_data["once_key"],
            note=_("Imported from a file"),
        )
        messages.success(self.request, _("The call is imported as a draft."))
        return redirect("expressions:staff-call", call.slug)


class Facts(BuilderFormView):
    """The facts of a draft."""

    form_class = forms.FactsForm
    heading, saved = gettext_lazy("Facts"), gettext_lazy("The facts are saved.")

    def standing(self) -> dict[str, Any]:
        self.target.refresh_from_db()
        return {name: getattr(self.target, name) for name in TEXTS}

    def get_initial(self) -> dict[str, Any]:
        facts = services.facts_of(self.target)
        named = {name: facts[field] for name, field in self.form_class.NAMED.items()}
        return {**facts, **named, "seen": version_of(facts)}

    def save(self, form: forms.FactsForm) -> None:
        facts = form.facts()
        services.save_facts(
            obj=self.target,
            topics=list(facts.pop("topics")),
            values=facts,
            seen=form.cleaned_data["seen"],
            by=self.request.user,
            now=timezone.now(),
        )


class Fields(BuilderFormView):
    """A form whose fields are fields of the call."""

    names: tuple[str, ...] = ()

    def get_initial(self) -> dict[str, Any]:
        values = details_of(self.target, self.names)
        return {**values, "seen": version_of(values)}

    def save(self, form: Any) -> None:
        services.save_fields(
            obj=self.target,
            values={name: form.cleaned_data[name] for name in self.names},
            seen=form.cleaned_data["seen"],
            by=self.request.user,
            now=timezone.now(),
        )


class Dates(Fields):
    """When a draft is to open and to close."""

    form_class = forms.DatesForm
    names = ("opens_at", "closes_at")
    heading, saved = gettext_lazy("Opening and closing"), gettext_lazy("The dates are saved.")

    def get_initial(self) -> dict[str, Any]:
        shown = super().get_initial()
        local = {name: shown[name] and timezone.localtime(shown[name]) for name in self.names}
        return {**shown, **local}

    def said(self, form: forms.DatesForm) -> str:
        """Both moments in full, so that a 5 that was meant as 5pm is seen to be 5am."""
        words = {"opens_at": _("Opens %(at)s."), "closes_at": _("Closes %(at)s.")}
        given = {name: form.cleaned_data[name] for name in self.names}
        moments = [words[name] % {"at": nice_datetime(at)} for name, at in given.items() if at]
        return " ".join([super().said(form), *moments])


class AssessBy(Fields):
    """The day by which assessors are asked to have scored."""

    form_class = forms.AssessByForm
    names = ("assess_by",)
    heading, saved = gettext_lazy("Scores wanted by"), gettext_lazy("The day is saved.")


class Closing(BuilderFormView):
    """More time for an open call."""

    permission = "expressions.open_call"
    form_class = forms.ClosingForm
    template_name = "expressions/building/closing.html"
    heading, saved = (
        gettext_lazy("Give more time"),
        gettext_lazy("The closing time is moved. All who write are told."),
    )

    def save(self, form: forms.ClosingForm) -> None:
        by, now = self.request.user, database_now()
        services.move_closing(obj=self.target, by=by, now=now, **form.cleaned_data)


class Open(CallView, TemplateView):
    """What is still missing, or the button that opens the call."""

    permission = "expressions.open_call"
    template_name = "expressions/building/open.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = selectors.current_form(self.target)
        return super().get_context_data(
            lacks=selectors.lacks(self.target, timezone.now(), form),
            total=len(list(questions_in(form))),
            is_draft=self.target.state == CallState.DRAFT,
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            transitions.open_call(obj=self.target, by=request.user, now=database_now())
        except transitions.NotReady as problem:
            return self.refused(problem, "build-open")
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        messages.success(request, _("The call is published. Its questions are frozen."))
        return self.to("staff-call")


class TakeStep(CallView):
    """A step of the call that needs no page of its own."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        step = STEPS.get(self.kwargs["step"])
        if step is None:
            return self.refused(TransitionNotAllowed(_("There is no such step.")))
        try:
            call = step(obj=self.target, by=request.user, now=database_now())
        except TransitionNotAllowed as problem:
            return self.refused(problem)
        words = _("The call is now “%(state)s”.") % {"state": call.get_state_display()}
        messages.success(request, words)
        return self.to("staff-call")


class Copy(CallView):
    """A new draft like this call."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            key = UUID(request.POST.get("once_key", ""))
        except ValueError:
            key = None
        call = services.copy_call(
            obj=self.target, by=request.user, now=timezone.now(), once_key=key
        )
        messages.success(request, _("This is the copy. Give it dates, and change what is new."))
        return redirect("expressions:staff-call", call.slug)


class Export(CallView):
    """The whole call as a JSON file."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(
            files.written(files.whole(self.target)), content_type="application/json"
        )
        response["Content-Disposition"] = f'attachment; filename="{self.target.slug}.json"'
        return response


class OpenSeal(ObjectView, FormView):
    """Opens one expression of a sealed call, with a reason that everybody on the staff sees."""

    permission = "expressions.break_seal"
    template_name = "expressions/building/open_seal.html"
    form_class = forms.SealForm

    def visible(self) -> models.QuerySet:
        found = Expression.objects.visible_to(self.request.user)
        return found.select_related("call", "organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(expression=self.target, **kwargs)

    def form_valid(self, form: forms.SealForm) -> HttpResponse:
        by, now = self.request.user, database_now()
        try:
            services.break_seal(obj=self.target, by=by, now=now, **form.cleaned_data)
        except (TransitionNotAllowed, ReasonRequired) as problem:
            messages.error(self.request, str(problem))
        else:
            messages.success(self.request, _("The seal is opened. It is on record, with why."))
        return redirect("expressions:staff-page", self.target.pk)
