"""Reads about who assesses a call and who has what to score."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import Role, User
from accounts.selectors import holders

from ..assigning import Plan, Unfilled, Wanting, balanced
from ..enums import HIDING, AssessmentState, ExpressionState
from ..models import Assessment, Call, Conflict, Expression
from .conflicts import suspected, undeclared


def assessors(call: Call, now: datetime) -> QuerySet[User]:
    """The people who are assessors of ``call`` today."""
    today = timezone.localdate(now)
    return holders({RoleKind.ASSESSOR}, on=today, scope=Call, ids=[call.pk])


def plan(call: Call, now: datetime) -> Plan:
    """Who would be given what, so that each eligible expression has its assessors. Reads only."""
    people = list(assessors(call, now))
    current = {person.pk for person in people}
    has: dict[int, set[int]] = defaultdict(set)
    loads = Counter(dict.fromkeys(current, 0))
    conflicts = Conflict.objects.filter(expression__call=call)
    known = {(e, p): s for e, p, s in conflicts.values_list("expression_id", "person_id", "state")}
    closed = {pair for pair in suspected(call, people) if pair not in known}
    closed |= {pair for pair, state in known.items() if state in HIDING}
    rows = Assessment.objects.filter(expression__call=call)
    for expression, person, state in rows.values_list("expression_id", "assessor_id", "state"):
        if state == AssessmentState.STOOD_DOWN:
            # Taken away once: only by hand is somebody given the same again.
            closed.add((expression, person))
        elif state == AssessmentState.DONE or person in current:
            has[expression].add(person)
            loads[person] += person in current
    eligible = Expression.objects.filter(call=call, state=ExpressionState.ELIGIBLE)
    wanting = [
        Wanting(pk, frozenset(has[pk]))
        for pk in eligible.order_by("pk").values_list("pk", flat=True)
    ]
    return balanced(wanting, {pk: loads[pk] for pk in current}, closed, call.scores_wanted)


def plan_mark(plan: Plan) -> str:
    """A short mark by which a later plan is known to be the same."""
    return sha256(json.dumps(plan.pairs).encode()).hexdigest()[:20]


@dataclass(frozen=True)
class Share:
    """What a plan gives one assessor."""

    name: str
    has: int
    gets: int

    @property
    def then(self) -> int:
        return self.has + self.gets


@dataclass(frozen=True)
class Preview:
    """A plan in numbers; ``unfilled`` as (name of the organisation, why)."""

    shares: list[Share]
    unfilled: list[tuple[str, Unfilled]]
    pairs: int
    expressions: int
    mark: str


def preview(call: Call, user: Any, now: datetime) -> Preview:
    """The plan in numbers for ``user``, from whom the names of hidden expressions stay hidden."""
    found = plan(call, now)
    gains = found.gains()
    rows = assessor_rows(call, now)
    names = dict(
        Expression.objects.visible_to(user)
        .filter(pk__in=found.unfilled)
        .values_list("pk", "organisation__name")
    )
    return Preview(
        shares=[
            Share(row.name, row.to_score + row.done, gains.get(row.person, 0))
            for row in rows
            if row.is_current
        ],
        unfilled=[(names[pk], why) for pk, why in sorted(found.unfilled.items()) if pk in names],
        pairs=len(found.pairs),
        expressions=len({expression for expression, _assessor in found.pairs}),
        mark=plan_mark(found),
    )


@dataclass(frozen=True)
class AssessorRow:
    """How far an assessor is. ``ends_on``: the last day of the role; ``undeclared``: with how many
    organisations they have still to say whether they have a conflict."""

    person: int
    name: str
    email: str
    is_current: bool
    ends_on: date | None
    to_score: int
    done: int
    conflicts: int
    undeclared: int
    last_active: datetime | None

    @property
    def assigned(self) -> int:
        return self.to_score + self.done


def assessor_rows(call: Call, now: datetime) -> list[AssessorRow]:
    """The assessors of a call, those whose role has ended among them, by name. Six queries."""
    today = timezone.localdate(now)
    kind = ContentType.objects.get_for_model(Call)
    roles = Role.objects.filter(kind=RoleKind.ASSESSOR, scope_type=kind, scope_id=call.pk)
    current = {role.person_id: role.ends_on for role in roles.active_on(today)}
    counted = Assessment.objects.filter(expression__call=call).order_by().values("assessor_id")
    work: dict[int, dict[str, Any]] = {
        row["assessor_id"]: dict(row)
        for row in counted.annotate(
            to_score=Count("pk", filter=Q(state=AssessmentState.ASSIGNED)),
            done=Count("pk", filter=Q(state=AssessmentState.DONE)),
            last=Max("updated_at", filter=Q(version__gt=0)),
        )
    }
    conflicts = Conflict.objects.filter(expression__call=call).order_by().values_list("person_id")
    hiding = dict(conflicts.filter(state__in=HIDING).annotate(Count("pk")))
    known = dict(conflicts.annotate(Count("pk")))
    nobody = User()
    nobody.pk = 0
    total = undeclared(call, nobody).count()
    busy = {pk for pk, row in work.items() if row["to_score"] or row["done"]}
    people = User.objects.filter(pk__in={*current, *busy}).order_by("preferred_name", "pk")
    return [
        AssessorRow(
            person=person.pk,
            name=person.preferred_name,
            email=person.email,
            is_current=person.pk in current,
            ends_on=current.get(person.pk),
            to_score=work.get(person.pk, {}).get("to_score", 0),
            done=work.get(person.pk, {}).get("done", 0),
            conflicts=hiding.get(person.pk, 0),
            undeclared=max(total - known.get(person.pk, 0), 0),
            last_active=work.get(person.pk, {}).get("last"),
        )
        for person in people
    ]
