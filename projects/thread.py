"""The thread of a topic on one page: who raised it, how it was weighed, what it led to.

The rooms above add what they know of a topic from their ``AppConfig.ready``::

    thread_providers.add("expressions", thread_of)

``thread_of(topic, user)`` gives the steps that ``user`` may know of; a visitor is an
``AnonymousUser``. Each provider asks the database the same few times, whatever the topic.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import sees_programme
from core.registry import Registry

from .enums import Criterion, LearningKind, Score
from .models import Contribution, EvidenceGap, Learning, Outcome, Project, Topic, TopicScore

# Of each kind of what came of it, so many stand on the page; the project's page has them all.
MOST = 12


class ThreadStage(TextChoices):
    """The stretches of the thread, in the order of the page."""

    RAISED = "raised", gettext_lazy("Who raised it")
    CRITERIA = "criteria", gettext_lazy("How it was weighed")
    EVIDENCE = "evidence", gettext_lazy("The evidence that was missing")
    CALL = "call", gettext_lazy("The calls that offered it")
    EXPRESSIONS = "expressions", gettext_lazy("Who wanted to work on it")
    PROJECTS = "projects", gettext_lazy("The projects that took it up")
    OUTCOMES = "outcomes", gettext_lazy("What came of it")


EMPTY = {
    ThreadStage.RAISED: gettext_lazy("Nobody has written down yet who raised this topic."),
    ThreadStage.CRITERIA: gettext_lazy(
        "What was agreed on the four criteria is not written down here yet."
    ),
    ThreadStage.CALL: gettext_lazy("No call has offered it yet."),
    ThreadStage.EXPRESSIONS: gettext_lazy("How many asked for it is shown once a call has closed."),
    ThreadStage.PROJECTS: gettext_lazy("No project has taken it up yet."),
    ThreadStage.OUTCOMES: gettext_lazy("What the projects lead to will be here."),
}


@dataclass(frozen=True)
class ThreadStep:
    """One knot of the thread. ``stage`` is a ``ThreadStage``; ``url`` and ``when`` may be absent.

    ``note`` stands before the title in small letters, such as "A survey".
    """

    stage: str
    title: str
    detail: str = ""
    url: str = ""
    when: date | None = None
    note: str = ""
    is_example: bool = False


@dataclass(frozen=True)
class ThreadPart:
    """A stretch of the thread; without steps ``empty`` says what will be there."""

    name: str
    label: str
    steps: list[ThreadStep]
    empty: str


Provider = Callable[[Topic, Any], Iterable[ThreadStep]]
thread_providers: Registry[Provider] = Registry("threads of topics")


def thread_of(topic: Topic, user: Any) -> list[ThreadPart]:
    """The thread of ``topic`` as ``user`` may see it, in the order of the stages.

    Five to seven queries of this room, and those of the providers.
    """
    internal = bool(sees_programme(user))
    steps = [*_raised(topic), *_criteria(topic, internal), *_gaps(topic, internal)]
    for provider in thread_providers:
        steps += provider(topic, user)
    steps += _projects_and_what_came(topic, internal)
    parts = [
        ThreadPart(
            stage.value,
            str(stage.label),
            [step for step in steps if step.stage == stage],
            str(EMPTY.get(stage, "")),
        )
        for stage in ThreadStage
    ]
    return [part for part in parts if part.steps or part.empty]


def current_scores(scores: Iterable[TopicScore]) -> dict[str, TopicScore]:
    """The score that counts, by criterion: the last one."""
    return {row.criterion: row for row in sorted(scores, key=lambda row: row.pk)}


def _raised(topic: Topic) -> Iterable[ThreadStep]:
    for row in topic.origins.all():
        yield ThreadStep(
            ThreadStage.RAISED,
            row.label,
            url=row.url,
            when=row.raised_on,
            note=row.get_kind_display(),
            is_example=row.is_example,
        )


def _criteria(topic: Topic, internal: bool) -> Iterable[ThreadStep]:
    """The scores in words; the reasons are written for the team."""
    scores = current_scores(topic.scores.all())
    for criterion in Criterion:
        if row := scores.get(criterion):
            yield ThreadStep(
                ThreadStage.CRITERIA,
                str(criterion.label),
                detail=row.reason if internal else "",
                when=timezone.localdate(row.at),
                note=_("%(words)s (%(score)s of %(most)s)")
                % {"words": row.get_score_display(), "score": row.score, "most": max(Score.values)},
                is_example=row.is_example,
            )


def _gaps(topic: Topic, internal: bool) -> Iterable[ThreadStep]:
    """For everybody what was missing and whether it was found; for the team the words about it."""
    gaps: Iterable[EvidenceGap] = topic.gaps.order_by("id")
    for gap in gaps:
        came = str(gap.get_outcome_display()) if gap.outcome else _("Still open")
        yield ThreadStep(
            ThreadStage.EVIDENCE,
            gap.missing if internal else ", ".join(gap.kind_labels),
            detail=gap.outcome_words if internal else "",
            when=timezone.localdate(gap.closed_at or gap.created_at),
            note=came,
            is_example=gap.is_example,
        )


def _projects_and_what_came(topic: Topic, internal: bool) -> Iterable[ThreadStep]:
    """For everybody the projects with a public page and their outcomes; for the team all."""
    projects = list(
        (Project.objects if internal else Project.objects.public()).filter(topics=topic)
    )
    for project in projects:
        yield ThreadStep(
            ThreadStage.PROJECTS,
            project.title,
            url=project.get_absolute_url() if internal else project.public_url,
            when=project.starts_on,
            note=f"{project.get_model_display()}, {project.get_state_display()}",
            is_example=project.is_example,
        )
    of_these = {project.pk: project for project in projects}
    yield from _outcomes(of_these, internal)
    if internal:
        yield from _learning(of_these)
        yield from _contributions(of_these)


def _outcomes(projects: dict[int, Project], internal: bool) -> Iterable[ThreadStep]:
    for row in Outcome.objects.filter(project__in=projects).order_by("-id")[:MOST]:
        project = projects[row.project_id]
        yield ThreadStep(
            ThreadStage.OUTCOMES,
            row.text,
            detail=row.evidence if internal else "",
            url=project.get_absolute_url() if internal else project.public_url,
            when=row.seen_on,
            note=project.title,
            is_example=row.is_example,
        )


def _learning(projects: dict[int, Project]) -> Iterable[ThreadStep]:
    rows = list(Learning.objects.filter(project__in=projects).order_by("kind", "-id")[:MOST])
    helped, hindered = _("Learned: what helped"), _("Learned: what got in the way")
    for row in rows:
        project = projects[row.project_id]
        words = helped if row.kind == LearningKind.HELPED else hindered
        yield ThreadStep(
            ThreadStage.OUTCOMES,
            row.text,
            url=project.get_absolute_url(),
            note=f"{words}, {project.title}",
            is_example=row.is_example,
        )


def _contributions(projects: dict[int, Project]) -> Iterable[ThreadStep]:
    rows = Contribution.objects.filter(project__in=projects).select_related("partner", "project")
    for row in rows.order_by("-id")[:MOST]:
        partner = f", {row.partner}" if row.partner else ""
        yield ThreadStep(
            ThreadStage.OUTCOMES,
            row.title,
            detail=row.result,
            url=row.project.get_absolute_url() if row.project else "",
            when=row.happened_on,
            note=f"{row.get_kind_display()}{partner}",
            is_example=row.is_example,
        )
