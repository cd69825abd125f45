"""Pages of the charter itself: reading, comparing, agreeing, and the group's rule."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.access import ObjectView, PortalView
from core.exports import csv_response

from .. import exports, selectors, services
from ..forms import AgreeForm, CompareForm, RuleForm
from ..models import Charter, CharterVersion, Clause


class CharterIndex(PortalView):
    """The way to the charter: straight to it where there is only one."""

    permission = "coproduction.view_charter"

    def get(self, request: HttpRequest) -> HttpResponse:
        charters = list(Charter.objects.visible_to(request.user).select_related("group")[:50])
        if len(charters) == 1:
            return redirect(charters[0])
        return render(request, "coproduction/index.html", {"charters": charters})


class OneCharter(ObjectView):
    """A page about one charter."""

    permission = "coproduction.view_charter"

    def visible(self) -> QuerySet:
        return Charter.objects.visible_to(self.request.user).select_related("group")


class CharterDetail(OneCharter):
    """The living charter."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        page = selectors.charter_page(self.target, request.user)
        return render(request, "coproduction/charter.html", {"page": page, "charter": self.target})


class VersionDetail(ObjectView):
    """The charter as it stood in one version."""

    permission = "coproduction.view_charter"

    def visible(self) -> QuerySet:
        return CharterVersion.objects.visible_to(self.request.user).select_related("charter__group")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        charter = self.target.charter
        page = selectors.charter_page(charter, request.user, self.target)
        return render(request, "coproduction/charter.html", {"page": page, "charter": charter})


class ClauseDetail(ObjectView):
    """All the words that a clause has had."""

    permission = "coproduction.view_charter"

    def visible(self) -> QuerySet:
        return Clause.objects.visible_to(self.request.user).select_related("charter__group")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        history = selectors.clause_history(self.target)
        return render(
            request,
            "coproduction/clause.html",
            {"history": history, "clause": self.target, "charter": self.target.charter},
        )


class Compare(OneCharter):
    """Any two versions, word by word; without a choice the last two."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        versions = selectors.versions_of(self.target)
        newest = [entry.version for entry in versions[:2]]
        initial = {"new": newest[0], "old": newest[-1]} if newest else {}
        form = CompareForm(request.GET or None, charter=self.target, initial=initial)
        chosen = form.cleaned_data if form.is_valid() else initial
        changes = selectors.changes_between(chosen["old"], chosen["new"]) if chosen else []
        context = {"charter": self.target, "form": form, "chosen": chosen, "changes": changes}
        return render(request, "coproduction/compare.html", {**context, "versions": versions})


class AgreementMatrix(OneCharter):
    """Who agrees with which clause."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        matrix = selectors.agreement_matrix(self.target, selectors.current_version(self.target))
        return render(
            request, "coproduction/agreements.html", {"charter": self.target, "matrix": matrix}
        )


class AgreementExport(OneCharter):
    """The matrix as CSV."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        matrix = selectors.agreement_matrix(self.target, selectors.current_version(self.target))
        return csv_response("agreements.csv", *exports.matrix_table(matrix))


class _MemberDeed(OneCharter):
    permission = "coproduction.take_part"
    http_method_names = ["post", "options"]

    def wordings(self) -> list[int]:
        """The wordings sent with the form, if they were ever the charter's."""
        asked = self.request.POST.getlist("wording")
        known = self.target.clauses.filter(
            texts__in=[pk for pk in asked if pk.isdecimal() and len(pk) < 16][:200]
        )
        form = AgreeForm(
            self.request.POST, wordings=list(known.values_list("texts__pk", flat=True))
        )
        return form.cleaned_data["wording"] if form.is_valid() else []


class AgreeWith(_MemberDeed):
    """Agree with one clause, or with all that one has not agreed with."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = self.wordings()
        try:
            made = services.agree(
                charter=self.target, wordings=asked, by=request.user, now=timezone.now()
            )
        except services.OutOfDate as problem:
            messages.warning(request, str(problem))
            return redirect(self.target)
        messages.success(request, _agreed_words(made))
        return redirect(_to_clause(self.target, asked))


class TakeBack(_MemberDeed):
    """Agree with a clause no longer."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = self.wordings()
        for wording in asked:
            services.take_back(
                charter=self.target, wording=wording, by=request.user, now=timezone.now()
            )
        messages.success(
            request, _("You have taken your agreement back. You may want to suggest other words.")
        )
        return redirect(_to_clause(self.target, asked))


def _agreed_words(made: int) -> str:
    words = ngettext(
        "You now agree with %(count)s more clause. If its words change, we will ask you again.",
        "You now agree with %(count)s more clauses. If their words change, we will ask you again.",
        made,
    )
    return words % {"count": made}


def _to_clause(charter: Charter, wordings: list[int]) -> str:
    """The charter's page, at the clause when there was only one."""
    place = f"#wording-{wordings[0]}" if len(wordings) == 1 else ""
    return f"{charter.get_absolute_url()}{place}"


class RuleEdit(OneCharter):
    """How the group decides, which the facilitator writes down for it."""

    permission = "coproduction.change_rule"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(RuleForm(instance=self.target))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = RuleForm(request.POST, instance=self.target)
        if not form.is_valid():
            return self.show(form)
        services.change_rule(
            charter=self.target, fields=form.cleaned_data, by=request.user, now=timezone.now()
        )
        messages.success(request, _("The group’s rule is saved. It holds for open proposals too."))
        return redirect("coproduction:proposals", pk)

    def show(self, form: RuleForm) -> HttpResponse:
        return render(
            self.request, "coproduction/rule.html", {"charter": self.target, "form": form}
        )
