"""What home pages say of projects, and what is held about one person."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import CharField, Count, Min, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.rules import is_programme_team, is_staff_member
from core.todo import Todo

from ..enums import (
    OPEN_STATES,
    UNDER_WAY_STATES,
    Rag,
)
from ..models import (
    Project,
    RagChange,
    Risk,
    Update,
)
from ..topic_selectors import gaps_to_close, gaps_todo, questions_todo
from .lists import late_milestones


def latest_public_updates(how_many: int) -> models.QuerySet[Update]:
    """The newest updates for everybody, of all projects with a page for everybody."""
    return (
        Update.objects.public()
        .filter(project__is_public=True)
        .select_related("project")
        .order_by("-published_at", "-id")[:how_many]
    )


def under_way() -> dict[str, int]:
    """How many projects go on (setting up, live, completing), how many of these are off track, and
    how many projects there are; one query."""
    going_on = models.Q(state__in=UNDER_WAY_STATES)
    return Project.objects.aggregate(
        going_on=models.Count("pk", filter=going_on),
        off_track=models.Count("pk", filter=going_on & models.Q(rag=Rag.RED)),
        all=models.Count("pk"),
    )


def todo_for(user: Any, now: datetime) -> list[Todo]:
    """What waits for somebody here. Three queries for staff, one for partners, else none."""
    if not is_staff_member(user):
        return questions_todo(user, now)
    red = Project.objects.filter(rag=Rag.RED, state__in=OPEN_STATES)
    query = "rag=red&" + "&".join(f"state={state.value}" for state in OPEN_STATES)
    if not is_programme_team(user):
        red = red.filter(lead=user)
        query += f"&lead={user.pk}"
    whose = _("In the whole programme") if is_programme_team(user) else ""
    late = late_milestones(user, now).aggregate(count=Count("id"), first=Min("due_on"))
    drafts, gaps, risks = _drafts_gaps_and_risks(user, now)
    return [
        *_late_todo(late["count"], late["first"], whose),
        *_red_todo(red.count(), f"{reverse('projects:list')}?{query}", whose),
        *_draft_todo(drafts),
        *gaps_todo(gaps),
        *_risks_todo(risks),
        *questions_todo(user, now),
    ]


def _drafts_gaps_and_risks(
    user: Any, now: datetime
) -> tuple[list[dict[str, Any]], list[tuple[int, str]], int]:
    """The drafts that ``user`` wrote, the topics of gaps to close, and how many risks to look at
    again (of a hundred rows in all); together one query."""
    draft, gap, risk = (Value(kind, output_field=CharField()) for kind in ["draft", "gap", "risk"])
    drafts_of = Update.objects.drafts_of(user).order_by()
    rows = drafts_of.values_list(draft, "id", "title", "project_id")
    due = Risk.objects.to_review_by(user, timezone.localtime(now).date()).order_by()
    nameless = Value("", output_field=CharField())
    rows = rows.union(due.values_list(risk, "id", nameless, "project_id"), all=True)
    if is_programme_team(user):
        late = gaps_to_close(now).order_by()
        rows = rows.union(late.values_list(gap, "topic_id", "topic__title", "topic_id"), all=True)
    found = sorted(rows[:100], key=lambda row: -row[1])
    drafts = [
        {"id": pk, "title": title, "project_id": project}
        for kind, pk, title, project in found
        if kind == "draft"
    ]
    gaps = [(pk, title) for kind, pk, title, _topic in found if kind == "gap"]
    return drafts, gaps, sum(row[0] == "risk" for row in found)


def _risks_todo(count: int) -> list[Todo]:
    words = ngettext("risk to look at again", "risks to look at again", count)
    return [Todo(text=words, url=reverse("projects:risks-due"), count=count)] if count else []


def _late_todo(count: int, first: date | None, whose: str) -> list[Todo]:
    if not count:
        return []
    words = ngettext("late milestone", "late milestones", count)
    url = reverse("projects:late-milestones")
    return [Todo(text=words, url=url, count=count, due=first, is_late=True, detail=whose)]


def _red_todo(count: int, url: str, whose: str) -> list[Todo]:
    words = ngettext("project is off track", "projects are off track", count)
    return [Todo(text=words, url=url, count=count, detail=whose)] if count else []


def _draft_todo(drafts: list[dict[str, Any]]) -> list[Todo]:
    if not drafts:
        return []
    words = ngettext("draft of an update to finish", "drafts of updates to finish", len(drafts))
    url = reverse("projects:drafts")
    if len(drafts) == 1:
        url = reverse("projects:update", args=[drafts[0]["project_id"], drafts[0]["id"]])
    return [Todo(text=words, url=url, count=len(drafts), detail=drafts[0]["title"])]


def data_about(person: User) -> dict[str, Any]:
    """What this room holds about ``person``, for their own copy."""
    updates = Update.objects.filter(models.Q(written_by=person) | models.Q(published_by=person))
    return {
        "risks_looked_after": list(
            person.risks_owned.order_by("id").values_list("description", flat=True)
        ),
        "projects_led": list(person.projects_led.order_by("id").values_list("title", flat=True)),
        "updates_written_or_published": list(
            updates.order_by("id").values_list("title", flat=True)
        ),
        "said_how_a_project_is_going": [
            {"project": row.project.title, "reason": row.reason, "at": row.at.isoformat()}
            for row in RagChange.objects.filter(by=person).select_related("project")
        ],
    }
