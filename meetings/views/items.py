"""Suggestions, quotes and actions of a log: add, change, remove, one at a time."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from core.versions import version_of

from .. import services
from ..forms import ITEM_MODELS, ItemForm
from ..log_pages import ITEM_PAGES, ItemPage
from ..models import Action, Member
from .logs import LogView, StepView


class ItemView(StepView):
    """A page about one kind of items of a log."""

    @property
    def kind(self) -> str:
        return self.kwargs["kind"]

    @property
    def page(self) -> ItemPage:
        if self.kind not in ITEM_PAGES:
            raise Http404
        return ITEM_PAGES[self.kind]

    def items(self) -> QuerySet:
        model = ITEM_MODELS[self.kind][0]
        if model is Action:
            return Action.objects.filter(meeting=self.target).select_related("owner")
        return model.objects.filter(log=self.log) if self.log.pk else model.objects.none()

    def get_form_class(self) -> type[ItemForm]:
        return ITEM_MODELS[self.page.kind][1]

    def get_form_kwargs(self) -> dict[str, Any]:
        extra = {}
        if self.kind == "actions":
            extra["members"] = Member.objects.current().filter(group=self.group)
        return super().get_form_kwargs() | extra

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(page=self.page, items=self.items(), **kwargs)

    def here(self) -> str:
        return reverse("meetings:log-items", args=[self.target.pk, self.kind])


class ItemAdd(ItemView):
    """The items so far, and a form for one more."""

    template_name = "meetings/log_items.html"

    def get_initial(self) -> dict[str, Any]:
        return {}

    def save(self, values: dict[str, Any], seen: str) -> None:
        common = {"meeting": self.target, "by": self.request.user, "now": timezone.now()}
        if self.kind == "actions":
            services.add_action(values=values, **common)
        else:
            services.add_item(model=ITEM_MODELS[self.kind][0], values=values, **common)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        # Going on with an empty box adds nothing; with words in it, it adds them first.
        if "onward" in request.POST and not request.POST.get("text", "").strip():
            return redirect(self.onward_url())
        return super().post(request, *args, **kwargs)

    def next_url(self) -> str:
        return self.onward_url() if "onward" in self.request.POST else self.here()

    def onward_url(self) -> str:
        place = self.page.after
        names = ("log-check", []) if place == "check" else ("log-items", [place])
        return reverse(f"meetings:{names[0]}", args=[self.target.pk, *names[1]])


class ItemChange(ItemView):
    """Change one item."""

    template_name = "meetings/log_item.html"

    @property
    def item(self) -> Any:
        if self.page:
            return get_object_or_404(self.items(), pk=self.kwargs["item"])
        raise Http404

    def get_initial(self) -> dict[str, Any]:
        item = self.item
        names = [name for name in self.get_form_class().base_fields if name != "seen"]
        values = {name: getattr(item, name) for name in names}
        return values | {"seen": version_of(services.item_values(item, names))}

    def save(self, values: dict[str, Any], seen: str) -> None:
        services.change_item(
            meeting=self.target,
            item=self.item,
            values=values,
            seen=seen,
            by=self.request.user,
            now=timezone.now(),
        )

    def next_url(self) -> str:
        return self.here()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs |= {"item": self.item, "items_url": self.here()}
        return super().get_context_data(**kwargs)


class ItemRemove(LogView, TemplateView):
    """Take one item out of the log; asks once."""

    template_name = "meetings/log_item_remove.html"

    def find(self) -> Any:
        view = ItemChange()
        view.setup(self.request, **self.kwargs)
        view.target = self.target
        return view

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        view = self.find()
        kwargs |= {"page": view.page, "item": view.item, "items_url": view.here()}
        return super().get_context_data(**kwargs)

    def post(self, request: Any, **kwargs: Any) -> HttpResponse:
        view = self.find()
        try:
            services.remove_item(
                meeting=self.target, item=view.item, by=request.user, now=timezone.now()
            )
            messages.success(request, _("Removed."))
        except services.LogClosed as problem:
            messages.error(request, str(problem))
        return redirect(view.here())
