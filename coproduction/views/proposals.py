"""Pages of proposals: the list, one of them, positions, comments, and closing."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access import ObjectView
from core.exports import csv_response
from core.paging import keyset_page
from core.transitions import TransitionNotAllowed

from .. import exports, selectors, services, transitions
from ..enums import ProposalState
from ..filters import ProposalFilter
from ..forms import CommentForm, DecideForm, PositionForm, WithdrawForm
from ..merging import merge
from ..models import Draft, Proposal
from .charter import OneCharter


def _proposals(request: HttpRequest, charter: Any) -> ProposalFilter:
    proposals = charter.proposals.with_words().annotate(taken=Count("positions"))
    return ProposalFilter(request.GET, queryset=proposals, request=request)


class ProposalList(OneCharter):
    """What members have suggested, and the drafts that one may work on."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        filtered = _proposals(request, self.target)
        page = keyset_page(
            filtered.qs, order=["-opened_at", "-id"], cursor=request.GET.get("cursor"), size=25
        )
        drafts = Draft.objects.visible_to(request.user).being_written()
        context = {
            "charter": self.target,
            "filter": filtered,
            "page": page,
            "drafts": list(drafts.filter(charter=self.target).select_related("author", "replaces")),
        }
        return render(request, "coproduction/proposals.html", context)


class ProposalExport(OneCharter):
    """The list, as it is filtered, as CSV."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        rows = _proposals(request, self.target).qs.iterator(chunk_size=500)
        return csv_response("proposals.csv", *exports.proposals_table(rows))


class OneProposal(ObjectView):
    """A page about one proposal."""

    permission = "coproduction.view_charter"

    def visible(self) -> QuerySet:
        proposals = Proposal.objects.visible_to(self.request.user).with_words()
        return proposals.select_related(
            "charter__group", "replaces", "proposed_by", "based_on", "made_version", "clause"
        )

    def show(self, **forms: Any) -> HttpResponse:
        page = selectors.proposal_page(self.target, self.request.user, timezone.now())
        context = {
            "proposal": self.target,
            "charter": self.target.charter,
            "page": page,
            "form": next((form for form in forms.values() if form.errors), None),
            "position_form": forms.get("position_form") or _position_form(page.mine),
            "comment_form": forms.get("comment_form") or CommentForm(initial={"once_key": uuid4()}),
        }
        return render(self.request, "coproduction/proposal.html", context)


def _position_form(mine: Any) -> PositionForm:
    names = ("stance", "reason", "is_private")
    return PositionForm(initial={name: getattr(mine, name) for name in names} if mine else {})


class ProposalDetail(OneProposal):
    """The words compared, who thinks what, what was said, and my position."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show()


class TakePosition(OneProposal):
    """Say what I think of it."""

    permission = "coproduction.take_part"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = PositionForm(request.POST)
        if not form.is_valid():
            return self.show(position_form=form)
        try:
            services.take_position(
                proposal=self.target, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except services.OutOfDate as problem:
            messages.warning(request, str(problem))
            return redirect(self.target)
        messages.success(
            request, _("Your position is saved. You can change it until the proposal is closed.")
        )
        return redirect(self.target)


class Say(OneProposal):
    """Comment on it."""

    permission = "coproduction.comment"
    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = CommentForm(request.POST)
        if not form.is_valid():
            return self.show(comment_form=form)
        services.say(proposal=self.target, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your comment is there for the group to read."))
        return redirect(self.target)


class Withdraw(OneProposal):
    """Take my own proposal back."""

    permission = "coproduction.withdraw_proposal"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.ask(WithdrawForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.ask(form)
        try:
            transitions.withdraw(
                obj=self.target, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except TransitionNotAllowed as problem:
            messages.warning(request, str(problem))
            return redirect(self.target)
        messages.success(request, _("Your proposal is withdrawn. The members have been told."))
        return redirect(self.target)

    def ask(self, form: WithdrawForm) -> HttpResponse:
        context = {"proposal": self.target, "charter": self.target.charter, "form": form}
        return render(self.request, "coproduction/withdraw.html", context)


class Decide(OneProposal):
    """The facilitator closes the proposal under the group's rule."""

    permission = "coproduction.decide_proposal"

    def permission_object(self) -> Any:
        proposal = super().permission_object()
        self.version = selectors.current_version(proposal.charter)
        return proposal

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.target.state != ProposalState.OPEN:
            return redirect(self.target)
        page = selectors.proposal_page(self.target, request.user, timezone.now())
        return self.ask(DecideForm(initial=self.initial(page), choices=_choices(page)), page)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = selectors.proposal_page(self.target, request.user, timezone.now())
        form = DecideForm(request.POST, choices=_choices(page))
        if form.is_valid():
            try:
                done = self.decide(form)
                messages.success(request, _done_words(done))
                return redirect(done.made_version or done)
            except (TransitionNotAllowed, services.OutOfDate) as problem:
                form.add_error(None, str(problem))
        # The page below shows the newest version: that is what has been seen from here on.
        form.data = form.data.copy()
        form.data["seen"] = self.version.number
        return self.ask(form, page)

    def decide(self, form: DecideForm) -> Proposal:
        given = form.cleaned_data
        how = {"obj": self.target, "by": self.request.user, "now": timezone.now()}
        how["reason"] = given["fate"]
        if given["decision"] == "set_aside":
            return transitions.set_aside(**how)
        if given["decision"] == "adopt":
            return transitions.adopt(seen=given["seen"], **how)
        return transitions.adopt_changed(words=form.words, seen=given["seen"], **how)

    def initial(self, page: Any) -> dict[str, Any]:
        names = ("new_kind", "new_heading", "new_text")
        found = {name: getattr(self.target, name) for name in names}
        found |= {**self.joined_words(page), "seen": self.version.number}
        return found

    def joined_words(self, page: Any) -> dict[str, str]:
        """What the charter took up since and what is proposed, as one, where that can be done."""
        proposal, place = self.target, selectors.place_now(self.target)
        if not (page.words.is_stale and place and proposal.has_words):
            return {}
        was, now = proposal.replaces, place.wording
        heading = merge(was.heading, proposal.new_heading, now.heading)
        text = merge(was.text, proposal.new_text, now.text)
        found = {"new_heading": heading, "new_text": text}
        return {name: words for name, words in found.items() if words}

    def ask(self, form: DecideForm, page: Any) -> HttpResponse:
        context = {"proposal": self.target, "charter": self.target.charter}
        return render(
            self.request,
            "coproduction/decide.html",
            {**context, "form": form, "page": page, "version": self.version},
        )


def _choices(page: Any) -> list[tuple[str, Any]]:
    """The ways of closing that are open now, in the order in which they are offered."""
    proposal, words = page.proposal, page.words
    found = []
    if page.rule.is_met and not words.is_stale and not words.is_gone:
        found.append(("adopt", _("Adopt it as it is")))
    if proposal.has_words and not words.is_gone and not page.rule.problems_with_changes:
        found.append(("adopt_changed", _("Adopt it with changed words")))
    return [*found, ("set_aside", _("Set it aside: the charter stays as it is"))]


def _done_words(proposal: Proposal) -> str:
    if proposal.made_version:
        return _("Adopted. This is the new version, and the members have been told.")
    return _("Closed. The members have been told.")
