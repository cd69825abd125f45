"""The form of a call in the browser: sections, questions, order, conditions, preview, versions."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView

from core.transitions import TransitionNotAllowed
from core.versions import ChangedMeanwhile

from .. import fields
from ..callform import document, editing, preview
from ..callform.checks import problems
from ..callform.document import Document
from ..callform.overview import answer_labels, overview
from ..clock import database_now
from ..enums import CallState, QuestionKind
from ..forms import building as forms
from ..models import CallChange
from ..selectors import Part
from ..selectors import building as selectors
from ..services import building as services
from .building import BuilderFormView, CallView


class FormMixin:
    """What pages about the form share: the change under way, and the form as it is now."""

    target: Any
    request: Any

    @cached_property
    def change(self) -> CallChange | None:
        is_open = self.target.state == CallState.OPEN
        return selectors.change_of(self.target) if is_open else None

    @cached_property
    def form_now(self) -> Document:
        return selectors.current_form(self.target, self.change)

    def section(self) -> Document:
        found = document.find_section(self.form_now, self.kwargs["section"])  # type: ignore[attr-defined]
        if found is None:
            raise Http404
        return found

    def question(self) -> Document:
        found = document.find_question(self.form_now, self.kwargs["key"])  # type: ignore[attr-defined]
        if found is None:
            raise Http404
        return found

    def forget(self) -> None:
        """Read the form anew when it is next asked for."""
        for name in ("form_now", "change"):
            self.__dict__.pop(name, None)

    def edit(self, edit: editing.Edit) -> None:
        services.edit_form(obj=self.target, edit=edit, by=self.request.user, now=database_now())


class Overview(FormMixin, CallView, TemplateView):
    """All sections and questions, in order, with what to do with each."""

    template_name = "expressions/building/form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.form_now
        return super().get_context_data(
            sections=overview(form, self.target),
            order_seen=editing.order_of(form),
            change=self.change,
            faults=problems(form, models=self.target.delivery_models),
            is_open=self.target.is_open_at(timezone.now()),
            is_draft=self.target.state == CallState.DRAFT,
            **kwargs,
        )


class Texts(FormMixin, BuilderFormView):
    """The texts of an open call."""

    form_class = forms.TextsForm
    heading, back = gettext_lazy("Texts of the call"), "build-form"
    saved = gettext_lazy("The texts are kept in the change. Nobody sees them before you publish.")

    def standing(self) -> dict[str, Any]:
        self.forget()
        return self.form_now["texts"]

    def get_initial(self) -> dict[str, Any]:
        texts = self.form_now["texts"]
        return {**texts, "seen": editing.seen_of(texts)}

    def save(self, form: Any) -> None:
        values = {name: form.cleaned_data[name] for name in document.TEXTS}
        self.edit(editing.change_texts(values, form.cleaned_data["seen"]))


class SectionAdd(FormMixin, BuilderFormView):
    """A new section."""

    form_class = forms.SectionForm
    heading, back = gettext_lazy("New section"), "build-form"
    saved = gettext_lazy("The section is added. Now give it questions.")

    def save(self, form: Any) -> None:
        values = {name: form.cleaned_data[name] for name in document.SECTION_TEXTS}
        self.edit(editing.add_section(values))


class SectionChange(FormMixin, BuilderFormView):
    """The words at the head of a section."""

    form_class = forms.SectionForm
    heading, back = gettext_lazy("Change the section"), "build-form"
    saved = gettext_lazy("The section is saved.")

    def standing(self) -> dict[str, Any]:
        self.forget()
        return self.section()

    def get_initial(self) -> dict[str, Any]:
        section = self.section()
        return {**section, "seen": editing.seen_of(section)}

    def save(self, form: Any) -> None:
        values = {name: form.cleaned_data[name] for name in document.SECTION_TEXTS}
        seen = form.cleaned_data["seen"]
        self.edit(editing.change_section(self.kwargs["section"], values, seen))


class ChooseKind(FormMixin, CallView, FormView):
    """Which kind of question is to be added."""

    template_name = "expressions/building/form_page.html"
    form_class = forms.KindForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            heading=_("New question"),
            lead=_("In the section “%(title)s”.") % {"title": self.section()["title"]},
            submit_text=_("Go on"),
            back_url=reverse("expressions:build-form", args=[self.target.slug]),
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        kind = form.cleaned_data["kind"]
        return self.to("build-question-add", self.kwargs["section"], kind)


class QuestionAdd(FormMixin, BuilderFormView):
    """A new question of one kind."""

    form_class = forms.QuestionForm
    back = "build-form"
    heading = gettext_lazy("New question")
    saved = gettext_lazy("The question is added.")

    def get_form_kwargs(self) -> dict[str, Any]:
        if self.kwargs["kind"] not in QuestionKind.values:
            raise Http404
        self.section()
        return {**super().get_form_kwargs(), "kind": self.kwargs["kind"], "call": self.target}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kind=QuestionKind(self.kwargs["kind"]).label, **kwargs)

    def save(self, form: Any) -> None:
        taken = services.taken_keys(self.target)
        self.edit(editing.add_question(self.kwargs["section"], form.values(), taken))


class QuestionChange(FormMixin, BuilderFormView):
    """The words and settings of a question."""

    form_class = forms.QuestionForm
    heading, back = gettext_lazy("Change the question"), "build-form"
    saved = gettext_lazy("The question is saved.")

    def standing(self) -> dict[str, Any]:
        self.forget()
        return self.question()

    def get_form_kwargs(self) -> dict[str, Any]:
        question = self.question()
        more = {"kind": question["kind"], "call": self.target, "standing": question}
        return {**super().get_form_kwargs(), **more}

    def get_initial(self) -> dict[str, Any]:
        return {"seen": editing.seen_of(self.question())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kind = QuestionKind(self.question()["kind"]).label
        return super().get_context_data(kind=kind, key=self.kwargs["key"], **kwargs)

    def save(self, form: Any) -> None:
        seen = form.cleaned_data["seen"]
        self.edit(editing.change_question(self.kwargs["key"], form.values(), seen))


class Condition(FormMixin, BuilderFormView):
    """When a question is asked: always, or after some answers to an earlier one."""

    form_class = forms.ConditionForm
    template_name = "expressions/building/condition.html"
    back = "build-form"
    heading = gettext_lazy("When is it asked?")
    saved = gettext_lazy("It is saved when the question is asked.")

    def other(self) -> Document | None:
        """The earlier question that was chosen, or on which it hangs now."""
        standing = self.question()["condition"] or {}
        key = self.request.POST.get("on") or self.request.GET.get("on", standing.get("question"))
        return next((one for one in self.earlier() if one["key"] == key), None)

    def earlier(self) -> list[Document]:
        """The questions before this one that have something to choose from."""
        found: list[Document] = []
        for one in document.questions_in(self.form_now):
            if one["key"] == self.kwargs["key"]:
                break
            found += [one] if one["kind"] in document.CONDITIONABLE else []
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        other = self.other()
        return {**super().get_form_kwargs(), "answers": answer_labels(other) if other else []}

    def get_initial(self) -> dict[str, Any]:
        question, other = self.question(), self.other()
        condition = question["condition"]
        is_same = condition and other and condition["question"] == other["key"]
        answers = condition["answers"] if is_same else []
        return {"answers": answers, "seen": editing.seen_of(question)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.question(), other=self.other(), earlier=self.earlier(), **kwargs
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "always" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = forms.AlwaysForm(request.POST)
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def save(self, form: Any) -> None:
        other = self.other()
        condition = None
        if other and "answers" in form.cleaned_data:
            answers = form.cleaned_data["answers"]
            condition = {"question": other["key"], "answers": answers}
        key, seen = self.kwargs["key"], form.cleaned_data["seen"]
        self.edit(editing.change_question(key, {"condition": condition}, seen))


class Removal(FormMixin, CallView, TemplateView):
    """Asks once before something is taken out of the form."""

    template_name = "expressions/building/confirm.html"

    def what(self) -> str:
        raise NotImplementedError

    def removal(self) -> editing.Edit:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.target.state == CallState.OPEN
        return super().get_context_data(
            what=self.what(),
            is_open=is_open,
            back_url=reverse("expressions:build-form", args=[self.target.slug]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            self.edit(self.removal())
        except (TransitionNotAllowed, services.FormNotRight) as problem:
            return self.refused(problem, "build-form")
        messages.success(request, _("It is taken out."))
        return self.to("build-form")


class SectionRemove(Removal):
    """Takes a section out, with its questions."""

    def what(self) -> str:
        return self.section()["title"]

    def removal(self) -> editing.Edit:
        return editing.remove_section(self.kwargs["section"])


class QuestionRemove(Removal):
    """Takes a question out."""

    def what(self) -> str:
        return self.question()["text"]

    def removal(self) -> editing.Edit:
        return editing.remove_question(self.kwargs["key"])


class Move(FormMixin, CallView):
    """Puts a section or a question in another place."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            self.edit(self.move())
        except (
            ChangedMeanwhile,
            TransitionNotAllowed,
            services.FormNotRight,
            editing.GoneMeanwhile,
        ) as problem:
            return self.refused(problem, "build-form")
        messages.success(request, _("It is moved."))
        return self.to("build-form")

    def move(self) -> editing.Edit:
        sent = self.request.POST
        into, seen = sent.get("into", ""), sent.get("seen", "")
        text = sent.get("to", "")
        to = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        if "question" in sent:
            return editing.move_question(sent["question"], into, to, seen)
        return editing.move_section(sent.get("section", ""), to, seen)


class Preview(FormMixin, CallView, TemplateView):
    """A section as applicants see it. What is typed here is checked as theirs, and not saved."""

    template_name = "expressions/building/preview.html"

    def parts(self) -> list[Part]:
        sent = dict(self.request.POST.lists())
        parts = preview.parts(self.form_now, sent)
        if not 1 <= self.kwargs["number"] <= len(parts):
            raise Http404
        return parts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        parts, number = self.parts(), self.kwargs["number"]
        part = shown_whole(parts[number - 1])
        shown = fields.shown_fields(part, strict=self.request.method == "POST")
        return super().get_context_data(
            part=part,
            fields=shown,
            wrong=[field for field in shown if field.error],
            total=len(parts),
            next=number + 1 if number < len(parts) else None,
            elsewhere=hanging_elsewhere(part),
            change=self.change,
            **{**kwargs, "number": number},
        )

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = self.get_context_data()
        status = 422 if context["wrong"] else 200
        return self.render_to_response({**context, "was_checked": True}, status=status)


def shown_whole(part: Part) -> Part:
    """A section with all that could be asked in it, whatever was answered in others."""
    here = {line.question.pk for line in part.lines}
    lines = [
        line
        if line.is_asked or line.question.condition_id in here
        else replace(line, is_asked=True)
        for line in part.lines
    ]
    return replace(part, lines=lines)


def hanging_elsewhere(part: Part) -> int:
    """How many of its questions hang on an answer in another section."""
    here = {line.question.pk for line in part.lines}
    conditions = [line.question.condition_id for line in part.lines]
    return sum(1 for one in conditions if one is not None and one not in here)


class Publish(FormMixin, BuilderFormView):
    """What is to change in an open call, and the button that publishes it."""

    template_name = "expressions/building/publish.html"
    form_class = forms.PublishForm
    permission = "expressions.open_call"
    heading = gettext_lazy("Publish the change")
    saved = gettext_lazy("The change is published. All who write are told.")

    def get_initial(self) -> dict[str, Any]:
        return {"seen": services.change_seen(self.change) if self.change else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = document.form_of(self.target)
        changes = services.what_changed(before, self.form_now) if self.change else []
        tells = selectors.being_written(self.target).count()
        return super().get_context_data(changes=changes, tells=tells, **kwargs)

    def save(self, form: Any) -> None:
        try:
            services.publish_change(
                obj=self.target, by=self.request.user, now=database_now(), **form.cleaned_data
            )
        except services.NothingToPublish as problem:
            raise TransitionNotAllowed(str(problem)) from problem


class Discard(FormMixin, CallView, TemplateView):
    """Asks once, and throws the change of an open call away; nothing of it was published."""

    template_name = "expressions/building/discard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = document.form_of(self.target)
        changes = services.what_changed(before, self.form_now) if self.change else []
        return super().get_context_data(changes=changes, **kwargs)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        services.discard_change(obj=self.target, by=request.user, now=timezone.now())
        messages.success(request, _("The change is thrown away. The call stays as it is."))
        return self.to("staff-call")
