"""Writing a suggestion: begin, save by itself, look at it, settle two people's words, send it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import ObjectView

from .. import selectors, services
from ..enums import Outcome, ProposalKind
from ..forms import SeenForm, SettleForm, SharedForm, WordsForm
from ..merging import merge
from ..models import Charter, Clause, Draft, DraftRevision
from ..selectors.proposals import after_heading


class _WritingView(ObjectView):
    """What beginning and going on have in common: the form, saving, and saving by itself."""

    permission = "coproduction.take_part"

    def kind(self) -> str:
        raise NotImplementedError

    def clause_id(self) -> int | None:
        raise NotImplementedError

    def charter(self) -> Charter:
        raise NotImplementedError

    def draft(self, page: Any) -> Draft:
        raise NotImplementedError

    def form(self, *args: Any, **kwargs: Any) -> WordsForm:
        places = selectors.places_of(selectors.current_version(self.charter()))
        return WordsForm(
            *args, kind=self.kind(), places=places, clause_id=self.clause_id(), **kwargs
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        later = "later" in request.POST
        form = self.form(request.POST, lenient=later or bool(request.htmx))
        if request.htmx:
            return self.save_by_itself(form)
        if not form.is_valid():
            return self.show(form)
        try:
            draft, revision = self.save(form, automatic=False)
        except services.OutOfDate as problem:
            form.add_error(None, str(problem))
            return self.show(form)
        return self.go_on(draft, revision, later=later)

    def go_on(self, draft: Draft, revision: DraftRevision, *, later: bool) -> HttpResponse:
        """Where a saving leads: both texts, the list, or the draft as it will look."""
        if revision.outcome == Outcome.BESIDE:
            return redirect("coproduction:settle", draft.pk, revision.pk)
        if later:
            messages.success(self.request, _("Your draft is saved. You can go on when you like."))
            return redirect("coproduction:proposals", draft.charter_id)
        return redirect(draft)

    def save(self, form: WordsForm, *, automatic: bool) -> tuple[Draft, DraftRevision]:
        page = form.cleaned_data["page"]
        draft = self.draft(page)
        revision = services.save_draft(
            draft=draft,
            words=form.words,
            seen=form.cleaned_data["seen"],
            page=page,
            by=self.request.user,
            now=timezone.now(),
            automatic=automatic,
        )
        return draft, revision

    def save_by_itself(self, form: WordsForm) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "problem": "", "revision": None, "draft": None}
        if form.is_valid():
            try:
                context["draft"], context["revision"] = self.save(form, automatic=True)
            except services.OutOfDate as problem:
                context["problem"] = str(problem)
        return render(self.request, "coproduction/partials/saved.html", context)

    def show(self, form: WordsForm) -> HttpResponse:
        raise NotImplementedError


class Begin(_WritingView):
    """Suggest a change to a clause, or a new clause. Nothing is made before the first saving."""

    def visible(self) -> QuerySet:
        return Charter.objects.visible_to(self.request.user).select_related("group")

    def charter(self) -> Charter:
        return self.target

    def kind(self) -> str:
        return ProposalKind.ADD

    def clause_id(self) -> int | None:
        return None

    def draft(self, page: Any) -> Draft:
        return services.start_draft(
            charter=self.charter(),
            kind=self.kind(),
            clause=self.clause(),
            once_key=page,
            by=self.request.user,
            now=timezone.now(),
        )

    def clause(self) -> Clause | None:
        return None

    def initial(self) -> dict[str, Any]:
        return {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.form(initial={**self.initial(), "seen": 0, "page": uuid4()}))

    def show(self, form: WordsForm) -> HttpResponse:
        context = {"form": form, "charter": self.charter(), "kind": self.kind(), "draft": None}
        context["clause_id"] = self.clause_id()
        return render(
            self.request, "coproduction/write.html", {**context, **self.beside_the_form()}
        )

    def beside_the_form(self) -> dict[str, Any]:
        return {"now": "", "others": [], "back": self.charter().get_absolute_url()}


class BeginAtClause(Begin):
    """Suggest other words for a clause, another place, or that it be taken out."""

    def visible(self) -> QuerySet:
        return Clause.objects.visible_to(self.request.user).select_related("charter__group")

    def permission_object(self) -> Any:
        clause = super().permission_object()
        if self.kwargs["kind"] not in {kind for kind in ProposalKind if kind != ProposalKind.ADD}:
            raise Http404
        self.place = next(
            (
                p
                for p in selectors.places_of(selectors.current_version(clause.charter))
                if p.clause_id == clause.pk
            ),
            None,
        )
        if self.place is None:
            raise Http404
        return clause

    def charter(self) -> Charter:
        return self.target.charter

    def kind(self) -> str:
        return self.kwargs["kind"]

    def clause_id(self) -> int | None:
        return self.target.pk

    def clause(self) -> Clause | None:
        return self.target

    def initial(self) -> dict[str, Any]:
        wording = self.place.wording
        return {
            "new_kind": wording.kind,
            "new_heading": wording.heading,
            "new_text": wording.text,
        }

    def beside_the_form(self) -> dict[str, Any]:
        others = self.target.proposals.open().select_related("replaces", "proposed_by")
        return {
            "now": self.place.wording,
            "others": list(others[:20]),
            "back": f"{self.charter().get_absolute_url()}#wording-{self.place.wording_id}",
        }


class OneDraft(ObjectView):
    """A page about a draft that one may work on."""

    permission = "coproduction.write_draft"

    def visible(self) -> QuerySet:
        drafts = Draft.objects.visible_to(self.request.user)
        return drafts.select_related(
            "charter__group", "author", "replaces", "based_on", "clause", "proposal"
        )


class DraftDetail(OneDraft):
    """How the suggestion will look to the group, and what can be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self.target
        if draft.proposal:
            return redirect(draft.proposal)
        complete = draft.reason and (not draft.has_words or (draft.new_heading and draft.new_text))
        context = {
            "draft": draft,
            "charter": draft.charter,
            "words": selectors.three_way(draft),
            "after_heading": after_heading(draft),
            "is_complete": bool(complete),
            "is_mine": request.user.has_perm("coproduction.own_draft", draft),
            "revisions": list(draft.revisions.select_related("saved_by").order_by("-id")[:50]),
        }
        return render(request, "coproduction/draft.html", context)


class DraftEdit(OneDraft, _WritingView):
    """Go on writing."""

    permission = "coproduction.write_draft"

    def charter(self) -> Charter:
        return self.target.charter

    def kind(self) -> str:
        return self.target.kind

    def clause_id(self) -> int | None:
        return self.target.clause_id

    def draft(self, page: Any) -> Draft:
        return self.target

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self.target
        if not draft.is_open:
            return redirect(draft)
        names = ("new_kind", "new_heading", "new_text", "reason")
        initial = {name: getattr(draft, name) for name in names}
        initial |= {"after": draft.after_id, "seen": draft.version, "page": uuid4()}
        return self.show(self.form(initial=initial))

    def show(self, form: WordsForm) -> HttpResponse:
        place = selectors.place_now(self.target)
        context = {"form": form, "charter": self.charter(), "kind": self.kind()}
        beside = {
            "draft": self.target,
            "now": place.wording if place else "",
            "others": [],
            "back": self.target.get_absolute_url(),
        }
        return render(self.request, "coproduction/write.html", {**context, **beside})


class Settle(OneDraft):
    """Two people wrote at once: both texts, word by word, and a choice or a joined text."""

    def permission_object(self) -> Any:
        draft = super().permission_object()
        self.revision = get_object_or_404(
            draft.revisions.exclude(outcome=Outcome.SAVED).select_related("saved_by"),
            pk=self.kwargs["revision"],
        )
        self.saved = draft.revisions.filter(outcome=Outcome.SAVED).last()
        return draft

    def form(self, *args: Any, **kwargs: Any) -> SettleForm:
        draft = self.target
        places = selectors.places_of(selectors.current_version(draft.charter))
        return SettleForm(
            *args, kind=draft.kind, places=places, clause_id=draft.clause_id, **kwargs
        )

    def get(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        joined, is_joined = self.joined()
        initial = {**joined, "seen": self.target.version, "page": uuid4()}
        if is_joined:
            initial["choice"] = "both"
        return self.show(self.form(initial=initial), is_joined)

    def joined(self) -> tuple[dict[str, Any], bool]:
        """Both people's words as one, and whether that could be done for all of them."""
        mine, theirs = self.revision.words, self.saved.words if self.saved else {}
        base = self.target.revisions.filter(
            outcome=Outcome.SAVED, number=self.revision.number
        ).first()
        before = base.words if base else {}
        merged, whole = dict(mine), True
        for name in ("new_heading", "new_text", "reason"):
            text = merge(before.get(name, ""), mine.get(name, ""), theirs.get(name, ""))
            whole = whole and text is not None
            merged[name] = mine.get(name, "") if text is None else text
        return merged, whole

    def post(self, request: HttpRequest, pk: int, revision: int) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, False)
        try:
            saved = self.settle(form)
        except services.OutOfDate as problem:
            form.add_error(None, str(problem))
            return self.show(form, False)
        if saved and saved.outcome == Outcome.BESIDE:
            messages.warning(request, _("Somebody saved again while you chose. Nothing is lost."))
            return redirect("coproduction:settle", pk, saved.pk)
        messages.success(request, _("Saved. The other words are kept with the draft’s history."))
        return redirect(self.target)

    def settle(self, form: SettleForm) -> DraftRevision | None:
        choice = form.cleaned_data["choice"]
        mine = {**self.revision.words}
        mine["after"] = Clause.objects.filter(pk=mine.get("after") or 0).first()
        words = {"both": form.words, "mine": mine, "theirs": None}[choice]
        how = {
            "seen": form.cleaned_data["seen"],
            "page": form.cleaned_data["page"],
            "by": self.request.user,
            "now": timezone.now(),
        }
        return services.settle(revision=self.revision, words=words, save=how)

    def show(self, form: SettleForm, is_joined: bool) -> HttpResponse:
        context = {
            "form": form,
            "draft": self.target,
            "charter": self.target.charter,
            "mine": self.revision,
            "saved": self.saved,
            "is_joined": is_joined,
        }
        return render(self.request, "coproduction/settle.html", context)


class _DraftDeed(OneDraft):
    """Something that the author does with a draft by a button."""

    permission = "coproduction.own_draft"
    http_method_names = ["post", "options"]
    form_class: type = SeenForm

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.form_class(request.POST)
        try:
            return redirect(self.do(form.cleaned_data if form.is_valid() else {}))
        except services.OutOfDate as problem:
            messages.warning(request, str(problem))
            return redirect(self.target)

    def do(self, given: dict[str, Any]) -> Any:
        raise NotImplementedError


class SendDraft(_DraftDeed):
    """Put the draft to the group."""

    def do(self, given: dict[str, Any]) -> Any:
        proposal = services.send_draft(
            draft=self.target,
            seen=given.get("seen", -1),
            by=self.request.user,
            now=timezone.now(),
        )
        messages.success(
            self.request,
            _("Your suggestion is with the group. Every member has been asked what they think."),
        )
        return proposal


class ShareDraft(_DraftDeed):
    """Let the others help with the words, or no longer."""

    form_class = SharedForm

    def do(self, given: dict[str, Any]) -> Any:
        shared = given.get("shared", False)
        services.share_draft(
            draft=self.target, shared=shared, by=self.request.user, now=timezone.now()
        )
        done = _("The other members can now help with the words.")
        undone = _("Only you can see this draft now.")
        messages.success(self.request, done if shared else undone)
        return self.target


class PutAway(_DraftDeed):
    """Take the draft off the desk."""

    def do(self, given: dict[str, Any]) -> Any:
        services.put_away(draft=self.target, by=self.request.user, now=timezone.now())
        messages.success(self.request, _("The draft is put away. You can take it out again."))
        return self.target


class TakeOut(_DraftDeed):
    """Put the draft back on the desk."""

    def do(self, given: dict[str, Any]) -> Any:
        services.take_out(draft=self.target, by=self.request.user, now=timezone.now())
        messages.success(self.request, _("You can go on with the draft."))
        return self.target


class BeginFromNow(_DraftDeed):
    """Compare the draft with the charter as it is today."""

    def do(self, given: dict[str, Any]) -> Any:
        services.begin_from_now(draft=self.target, by=self.request.user, now=timezone.now())
        messages.success(
            self.request, _("Your words are now compared with the charter as it is today.")
        )
        return reverse("coproduction:edit_draft", args=[self.target.pk])
