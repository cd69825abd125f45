"""Pages of networks: a coordinator's home, the four nations side by side, returns."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView

from core.access import ObjectView, PortalView
from core.exports import csv_response
from core.forms import ReasonForm
from core.paging import keyset_page
from core.transitions import TransitionNotAllowed
from meetings import selectors as meeting_selectors
from meetings import transitions
from meetings.enums import LogState
from meetings.log_pages import log_summary
from meetings.models import MeetingLog

from . import exports, selectors
from .charts import returns_chart
from .filters import ReturnFilter
from .models import LocalNetwork, Network


class NetworksHome(PortalView, TemplateView):
    """The networks that I may look at, or my own local networks; with only one, straight there."""

    permission = "networks.use_networks"
    template_name = "networks/home.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("networks.view_network"):
            own = list(LocalNetwork.objects.visible_to(request.user)[:2])
            if len(own) == 1:
                return redirect("networks:local", pk=own[0].pk)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = self.request.user, timezone.now()
        networks = Network.objects.visible_to(user).select_related("project")
        sees_all = user.has_perm("networks.view_network")
        own = LocalNetwork.objects.none() if sees_all else LocalNetwork.objects.visible_to(user)
        return super().get_context_data(
            sees_all=sees_all,
            networks=selectors.networks_with_rows(networks, now),
            local_networks=own.select_related("network__project", "group"),
            may_list_returns=user.has_perm("networks.list_returns"),
            **kwargs,
        )


class NetworkView(ObjectView):
    """A page about one network."""

    permission = "networks.view_network"

    def visible(self) -> QuerySet:
        return Network.objects.visible_to(self.request.user).select_related("project")

    def rows(self) -> list[selectors.LocalRow]:
        return selectors.rows_of(LocalNetwork.objects.filter(network=self.target), timezone.now())


class NetworkPage(NetworkView, TemplateView):
    """The local networks of one network side by side."""

    template_name = "networks/network.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.rows()
        return super().get_context_data(
            network=self.target,
            rows=rows,
            chart=returns_chart(rows) if rows else None,
            may_list_returns=self.request.user.has_perm("networks.list_returns"),
            **kwargs,
        )


class NetworkCsv(NetworkView):
    """The same as a file."""

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        rows = exports.locals_rows(self.rows())
        return csv_response("local-networks.csv", exports.locals_header(), rows)


class LocalNetworkPage(ObjectView, TemplateView):
    """A local network: all there is to do for its coordinator, dates and actions for a member."""

    permission = "networks.view_local_network"

    def visible(self) -> QuerySet:
        found = LocalNetwork.objects.visible_to(self.request.user)
        return found.select_related("group", "network__project")

    def sees_members(self) -> bool:
        return self.request.user.has_perm("meetings.view_members", self.target.group)

    def get_template_names(self) -> list[str]:
        return ["networks/local.html" if self.sees_members() else "networks/member.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        group, user, now = self.target.group, self.request.user, timezone.now()
        kwargs |= self.for_those_who_arrange(now) if self.sees_members() else {}
        return super().get_context_data(
            local_network=self.target,
            network=self.target.network,
            group=group,
            may_run=user.has_perm("meetings.manage_group", group),
            may_open_network=user.has_perm("networks.view_network"),
            meetings=meeting_selectors.meetings_with_logs(group),
            actions=meeting_selectors.open_actions(group),
            own_actions=meeting_selectors.own_actions(user).filter(group=group),
            now=now,
            **kwargs,
        )

    def for_those_who_arrange(self, now: datetime) -> dict[str, Any]:
        """What waits, and who the members are."""
        return {
            "home": selectors.home(self.target, now),
            "perspectives": meeting_selectors.members_by_perspective(self.target.group),
        }


class ReturnsView(PortalView):
    """The returns, filtered as the address says."""

    permission = "networks.list_returns"

    def filtered(self) -> ReturnFilter:
        chosen = self.request.GET.copy()
        if not chosen.keys() - {"cursor"}:
            chosen["state"] = LogState.SUBMITTED
        return ReturnFilter(chosen, queryset=selectors.returns_to_list())


class Returns(ReturnsView, TemplateView):
    """What the local networks have sent, the longest waiting first."""

    template_name = "networks/returns.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.filtered()
        page = keyset_page(
            found.qs, order=["submitted_at", "id"], cursor=self.request.GET.get("cursor")
        )
        return super().get_context_data(
            filter=found,
            page=page,
            query=self.request.GET.urlencode(),
            late=list(selectors.late_meetings(timezone.now())[:50]),
            **kwargs,
        )


class ReturnsCsv(ReturnsView):
    """The same as a file."""

    def get(self, request: Any, **kwargs: Any) -> HttpResponseBase:
        logs = self.filtered().qs.order_by("submitted_at", "id")
        rows = exports.returns_rows(logs.iterator(chunk_size=500))
        return csv_response("returns.csv", exports.returns_header(), rows)


class ReturnView(ObjectView):
    """A page about one return."""

    permission = "meetings.review_log"

    def visible(self) -> QuerySet:
        logs = MeetingLog.objects.visible_to(self.request.user).sent()
        return logs.select_related("meeting__group__local_network__network__project")

    def take(self, step: Any, said: str, **words: str) -> HttpResponse:
        """Take a step on the return, say what happened, and go back to what else waits."""
        try:
            step(log=self.target, by=self.request.user, now=timezone.now(), **words)
            messages.success(self.request, said)
        except TransitionNotAllowed as problem:
            messages.error(self.request, str(problem))
        return redirect("networks-staff:returns")


class ReturnPage(ReturnView, FormView):
    """One return to read: accept it, or return it with a question."""

    template_name = "networks/return.html"
    form_class = ReasonForm

    def get_form_kwargs(self) -> dict[str, Any]:
        help_text = _("The coordinators get your question by e-mail, and answer it here.")
        label = _("What do you want to know?")
        return super().get_form_kwargs() | {"label": label, "help_text": help_text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        log = self.target
        return super().get_context_data(
            log=log,
            meeting=log.meeting,
            group=log.meeting.group,
            local_network=getattr(log.meeting.group, "local_network", None),
            summary=log_summary(log, True),
            **kwargs,
        )

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        said = _("Returned. The coordinators have your question.")
        question = form.cleaned_data["reason"]
        return self.take(transitions.return_with_question, said, question=question)


class ReturnAccept(ReturnView):
    """Accept a return."""

    http_method_names = ["post"]

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        said = _("Accepted. The coordinators are told and thanked.")
        return self.take(transitions.accept, said)
