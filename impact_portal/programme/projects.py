"""Phases, objectives, topics, projects and contributions; and example projects beside them."""

from datetime import date, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import User
from partners.models import Organisation
from projects import services, transitions
from projects.enums import (
    Audience,
    ChangeStage,
    ContributionKind,
    DeliveryModel,
    LearningKind,
    ProjectState,
    Rag,
    TopicState,
)
from projects.models import (
    Contribution,
    Learning,
    Milestone,
    Objective,
    Outcome,
    Phase,
    Project,
    Topic,
    Update,
)

from .frame import Programme
from .project_work import example_work

# The steps that lead to each state, in order.
WAYS = {
    ProjectState.PROPOSED: [],
    ProjectState.SETTING_UP: ["set_up"],
    ProjectState.LIVE: ["set_up", "go_live"],
    ProjectState.COMPLETING: ["set_up", "go_live", "complete"],
    ProjectState.CLOSED: ["set_up", "go_live", "complete", "close"],
    ProjectState.STOPPED: ["set_up", "go_live", "stop"],
}
OVER = (ProjectState.COMPLETING, ProjectState.CLOSED)


def load(programme: Programme) -> None:
    """Load ``data/projects.yaml``. A project that is there already is left as it is."""
    data = programme.data("projects")
    _frame(programme, data)
    partners = {key: _organisation(programme, row) for key, row in data["partners"].items()}
    chance = programme.chance("projects")
    # Drawn before anything is skipped, so that a second run draws the same.
    for row in data["example_projects"]:
        _example_project(programme, data, row, Random(chance.random()))  # noqa: S311
    for row in data["projects"]:
        _project(programme, row, partners)
    for row in data["contributions"]:
        _contribution(programme, row, partners)


def _frame(programme: Programme, data: dict[str, Any]) -> None:
    for row in data["phases"]:
        by = {"name": row["name"]}
        programme.put(Phase, by, **{key: row[key] for key in row if key != "name"})
    for row in data["objectives"]:
        by = {"number": row["number"]}
        programme.put(Objective, by, short_name=row["short_name"], text=row["text"])
    for row in data["topics"]:
        programme.put(
            Topic,
            {"slug": row["slug"]},
            title=row["title"],
            year=row.get("year"),
            state=TopicState(row["state"]),
        )


def _organisation(
    programme: Programme, row: dict[str, Any], is_example: bool = False
) -> Organisation:
    fields = {key: row[key] for key in row if key != "name"}
    return programme.put(Organisation, {"name": row["name"]}, is_example=is_example, **fields)


def _project(programme: Programme, row: dict[str, Any], partners: dict[str, Organisation]) -> None:
    if Project.objects.filter(slug=row["slug"]).exists():
        return
    lead = programme.person(row["lead"]["key"], row["lead"]["name"])
    project = programme.put(
        Project,
        {"slug": row["slug"]},
        title=row["title"],
        model=DeliveryModel(row["model"]),
        # The sources say where it stands, but not on which day it came there.
        state=ProjectState(row["state"]),
        summary=row["summary"],
        phase=Phase.objects.filter(order=row.get("phase", 0)).first(),
        host=partners.get(row.get("host", "")),
        lead=lead,
        is_public=True,
    )
    _relate(project, row)
    Milestone.objects.bulk_create(
        Milestone(project=project, stage=ChangeStage(stage), title=title)
        for stage, title in row["milestones"]
    )
    update = Update.objects.create(
        project=project, audience=Audience.PUBLIC, written_by=lead, **row["update"]
    )
    transitions.publish(obj=update, by=lead, now=programme.now)


def _relate(project: Project, row: dict[str, Any]) -> None:
    services.set_nations(project=project, nations=row["nations"])
    project.topics.set(Topic.objects.filter(slug__in=row.get("topics", [])))
    project.objectives.set(Objective.objects.filter(number__in=row.get("objectives", [])))


def _contribution(
    programme: Programme, row: dict[str, Any], partners: dict[str, Organisation]
) -> None:
    programme.put(
        Contribution,
        {"title": row["title"], "project": None},
        kind=ContributionKind(row["kind"]),
        partner=partners.get(row.get("partner", "")),
        happened_on=row.get("happened_on"),
        text=row["text"],
        result=row.get("result", ""),
    )


def _example_project(
    programme: Programme, data: dict[str, Any], row: dict[str, Any], chance: Random
) -> None:
    if Project.objects.filter(title=row["title"], is_example=True).exists():
        return
    staff = programme.person("programme.staff", "Programme staff")
    lead = User.objects.filter(email=f"{row['lead']}@example.org").first()
    host = data["example_hosts"].get(row.get("host"))
    begun = programme.now - timedelta(days=chance.randint(200, 400))
    project = services.create_project(
        title=row["title"],
        model=DeliveryModel(row["model"]),
        nations=row["nations"],
        topics=Topic.objects.filter(slug__in=row["topics"]),
        objectives=Objective.objects.filter(number__in=chance.sample(range(1, 5), 2)),
        summary="An example project, made up to show how the portal works.",
        host=_organisation(programme, host, is_example=True) if host else None,
        lead=lead,
        phase=Phase.objects.get(order=3),
        starts_on=timezone.localdate(begun),
        ends_on=timezone.localdate(begun) + timedelta(days=540),
        is_public=row["state"] != ProjectState.PROPOSED,
        is_example=True,
        by=staff,
        now=begun,
    )
    programme.made += 1
    _example_history(programme, project, data["example_reasons"], row, lead or staff)
    _example_milestones(
        project, data["example_milestones"], timezone.localdate(programme.now), chance
    )
    _example_words(programme, project, data, lead or staff, chance)
    example_work(programme, project, data["example_work"], lead or staff, chance)


def _example_history(
    programme: Programme, project: Project, reasons: dict[str, str], row: dict[str, Any], by: User
) -> None:
    """Bring the project to its state step by step, the last step some weeks ago."""
    steps = WAYS[ProjectState(row["state"])]
    for place, name in enumerate(steps):
        at = programme.now - timedelta(days=40 * (len(steps) - place), hours=place)
        take = transitions.PROJECT_FUNCTIONS[name]
        project = take(obj=project, by=by, now=at, reason=reasons[name])
    if row["rag"]:
        at = programme.now - timedelta(days=12)
        if row["rag"] != Rag.GREEN:
            services.set_rag(
                obj=project,
                rag=Rag.GREEN,
                reason=reasons["green"],
                by=by,
                now=at - timedelta(days=60),
            )
        services.set_rag(
            obj=project, rag=Rag(row["rag"]), reason=reasons[row["rag"]], by=by, now=at
        )


def _example_milestones(
    project: Project, rows: list[list[str]], today: date, chance: Random
) -> None:
    """Milestones a month or so apart: those of the past are done, save sometimes the last."""
    project.refresh_from_db()
    shift = {ProjectState.PROPOSED: 30, ProjectState.SETTING_UP: -30, ProjectState.LIVE: -120}
    first = today + timedelta(days=shift.get(ProjectState(project.state), -300))
    slips = project.rag in (Rag.AMBER, Rag.RED)
    made = []
    for place, (stage, title) in enumerate(rows):
        due = first + timedelta(days=35 * place + chance.randint(-6, 6))
        late = slips and due + timedelta(days=45) > today
        done = None if due >= today or late else due + timedelta(days=chance.randint(-3, 9))
        made.append(
            Milestone(
                project=project,
                stage=ChangeStage(stage),
                title=title,
                due_on=due,
                done_on=min(done, today) if done else None,
                is_example=True,
            )
        )
    Milestone.objects.bulk_create(made)


def _example_words(
    programme: Programme, project: Project, data: dict[str, Any], by: User, chance: Random
) -> None:
    """Updates, and for projects that have come far enough learning and outcomes."""
    if project.state == ProjectState.PROPOSED:
        return
    update = Update.objects.create(
        project=project,
        audience=chance.choice(Audience.values),
        title="How far we have come",
        text="This is an **example**. Here the team tells what is new.",
        written_by=by,
        is_example=True,
    )
    if project.state == ProjectState.SETTING_UP:
        return
    transitions.publish(obj=update, by=by, now=programme.now - timedelta(days=9))
    for kind, stage, text in chance.sample(data["example_learning"], 2):
        Learning.objects.create(
            project=project,
            kind=LearningKind(kind),
            stage=ChangeStage(stage),
            text=text,
            is_example=True,
        )
    if project.state in OVER:
        for text, evidence in data["example_outcomes"]:
            Outcome.objects.create(
                project=project,
                text=text,
                evidence=evidence,
                seen_on=timezone.localdate(programme.now) - timedelta(days=20),
                is_example=True,
            )
