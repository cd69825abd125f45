"""The pilot round: forty example expressions that are being read, most of them scored."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from core.enums import Nation
from core.models import Transition
from expressions import transitions
from expressions.assigning import Wanting, balanced
from expressions.enums import (
    AssessmentState,
    CallState,
    ConflictState,
    ExpressionState,
    PlanScores,
    QuestionKind,
)
from expressions.models import (
    Answer,
    Assessment,
    Call,
    Conflict,
    Criterion,
    Expression,
    MixTarget,
    Plan,
    Question,
    Score,
    Section,
)
from expressions.services.plans import make_plan
from partners.enums import OrganisationKind, OrganisationSize
from partners.models import Contact, Organisation
from projects.models import Topic

from .frame import Programme

EXPRESSIONS = 40
# These of the forty did not get as far as the others.
INELIGIBLE, WITHDRAWN = 7, 21
# What each assessor has still to score; the first is the one who can sign in to try it.
STILL_TO_SCORE = [5, 1, 2, 0, 1, 1]
# About so many organisations the first assessor has still to declare, those to score among them.
STILL_TO_DECLARE = 8
# In every so many expressions the two assessors differ widely.
DIFFER_EVERY = 11


def load(programme: Programme) -> None:
    """Load ``data/pilot.yaml``. A call that is there already is left as it is."""
    data = programme.data("pilot")
    first = Call.objects.filter(slug=programme.data("expressions")["call"]["slug"]).first()
    if first is None or Call.objects.filter(slug=data["call"]["slug"]).exists():
        return
    chance = programme.chance("pilot")
    call = _call(programme, data, first)
    questions = _copy_questions(first, call)
    criteria = _criteria(call, data)
    expressions = _expressions(programme, call, questions, chance)
    people = _assessors(programme, call, data)
    conflicts = _conflicts(programme, data, people, expressions)
    given = _assign(call, people, expressions, conflicts)
    _score(programme, data, criteria, given, chance)
    _clear_conflicts(programme, people, expressions, conflicts, given)
    _finish(programme, call, expressions)
    _plans(programme, call)


def _call(programme: Programme, data: dict[str, Any], first: Call) -> Call:
    """Open for a while last season, closed two months ago, and scores wanted this week."""
    today = timezone.localdate(programme.now)
    fields = {key: data["call"][key] for key in data["call"] if key != "slug"}
    call = programme.put(
        Call,
        {"slug": data["call"]["slug"]},
        state=CallState.ASSESSING,
        opens_at=_london(today - timedelta(days=110), time(9)),
        closes_at=_london(today - timedelta(days=61), time(17)),
        assess_by=today + timedelta(days=5),
        is_example=True,
        **fields,
    )
    call.topics.set(first.topics.all())
    staff = programme.person("programme.staff", "Programme staff")
    began = programme.now - timedelta(days=45)
    _log(
        [
            (call, "open", CallState.DRAFT, CallState.OPEN, staff, call.opens_at),
            (call, "close", CallState.OPEN, CallState.CLOSED, None, call.closes_at),
            (call, "start_assessing", CallState.CLOSED, CallState.ASSESSING, staff, began),
        ]
    )
    return call


def _london(day: Any, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _log(steps: list[tuple[Model, str, str, str, User | None, Any]]) -> None:
    """The changes of state, as ``transition`` writes them."""
    Transition.objects.bulk_create(
        Transition(
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            step=step,
            source=source,
            target=target,
            by=by,
            at=at,
        )
        for obj, step, source, target, by, at in steps
    )


def _copy_questions(first: Call, call: Call) -> dict[str, Question]:
    """The sections and questions of ``first`` in ``call``; the new questions by key."""
    found: dict[str, Question] = {}
    for section in Section.objects.filter(call=first):
        rows = list(section.questions.filter(is_retired=False).select_related("condition"))
        section.pk, section.call, section._state.adding = None, call, True
        section.save()
        for question in rows:
            condition = question.condition
            question.pk, question.section, question._state.adding = None, section, True
            question.condition = found.get(condition.key) if condition else None
            question.save()
            found[question.key] = question
    return found


def _criteria(call: Call, data: dict[str, Any]) -> list[Criterion]:
    MixTarget.objects.bulk_create(
        MixTarget(call=call, is_example=True, **row) for row in data["targets"]
    )
    return Criterion.objects.bulk_create(
        Criterion(
            call=call,
            order=order,
            title=row["title"],
            help=row["help"],
            weight=row["weight"],
            is_example=True,
        )
        for order, row in enumerate(data["criteria"], start=1)
    )


def _expressions(
    programme: Programme, call: Call, questions: dict[str, Question], chance: Random
) -> list[Expression]:
    """All of them, sent in and checked, with their answers. The first is that of the organisation
    of ``partner.contact``, whose answers can be carried forward."""
    words = programme.data("expressions")
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    rows, values = [], []
    for number in range(EXPRESSIONS):
        organisation = _organisation(programme, words, number, chance)
        answers = _answers(words["answers"], questions, organisation, chance)
        sent = call.closes_at - timedelta(hours=chance.randint(2, 900))
        rows.append(
            Expression(
                call=call,
                organisation=organisation,
                state=_state(number),
                reference=f"EOI-{call.year}-{number + 1:04}",
                topic=topics[answers["topic"]],
                delivery_model=answers["delivery-model"],
                is_first_timer=answers["first-time"] == "yes",
                is_struggling=answers["struggling"] == "yes",
                submitted_at=sent,
                listed_at=sent,
                declared_by="Example contact",
                is_example=True,
            )
        )
        values.append(answers)
    made = Expression.objects.bulk_create(rows)
    programme.made += len(made)
    call.last_number = len(made)
    call.save(update_fields=["last_number"])
    Answer.objects.bulk_create(
        Answer(
            expression=expression,
            question=questions[key],
            value=value,
            saved_at=expression.submitted_at,
            is_example=True,
        )
        for expression, answers in zip(made, values, strict=True)
        for key, value in answers.items()
    )
    return made


def _state(number: int) -> ExpressionState:
    if number == INELIGIBLE:
        return ExpressionState.INELIGIBLE
    return ExpressionState.WITHDRAWN if number == WITHDRAWN else ExpressionState.ELIGIBLE


def _organisation(
    programme: Programme, words: dict[str, Any], number: int, chance: Random
) -> Organisation:
    """Example organisation ``number``; kinds and nations take turns, so that each comes up."""
    if number == 0:
        own = words["own_organisation"]
        fields = {key: own[key] for key in own if key != "name"}
        return programme.put(Organisation, {"name": own["name"]}, is_example=True, **fields)
    kinds, nations = list(OrganisationKind), list(Nation)
    kind = kinds[number * 3 % len(kinds)]
    nation = nations[number % len(nations)]
    places = words["places"][nation]
    place = places[(number // len(nations) + 2) % len(places)]
    name = words["names"][kind].format(place=place, nation=nation.label)
    return programme.put(
        Organisation,
        {"name": f"{name[0].upper()}{name[1:]} (pilot example {number + 1})"},
        kind=kind,
        nation=nation,
        place=place,
        size=chance.choice(list(OrganisationSize)),
        is_first_timer=chance.random() < 0.45,
        is_example=True,
    )


def _answers(
    words: dict[str, list[str]],
    questions: dict[str, Question],
    organisation: Organisation,
    chance: Random,
) -> dict[str, Any]:
    """An answer to each question that is asked and for which there are words."""
    given: dict[str, Any] = {}
    for key, question in questions.items():
        condition = question.condition
        if condition and given.get(condition.key) not in question.condition_values:
            continue
        if question.kind == QuestionKind.YES_NO:
            likely = organisation.is_first_timer if key == "first-time" else chance.random() < 0.35
            given[key] = "yes" if likely else "no"
        elif question.kind == QuestionKind.CHOICE:
            given[key] = chance.choice(question.choices)["value"]
        elif question.kind == QuestionKind.CHOICES:
            chosen = chance.sample(question.choices[:-1], chance.randint(1, 3))
            given[key] = [choice["value"] for choice in chosen]
        elif question.kind == QuestionKind.NUMBER:
            given[key] = str(chance.randint(1, 8))
        elif key in words:
            given[key] = chance.choice(words[key]).format(place=organisation.place)
        elif key == "contact-name":
            given[key] = "Example contact, coordinator"
    return given


def _assessors(programme: Programme, call: Call, data: dict[str, Any]) -> list[User]:
    people = []
    for row in data["assessors"]:
        person = programme.person(row["key"], row["name"])
        programme.role(person, RoleKind.ASSESSOR, call)
        people.append(person)
    return people


def _conflicts(
    programme: Programme, data: dict[str, Any], people: list[User], expressions: list[Expression]
) -> dict[tuple[int, int], ConflictState]:
    """One that was declared, and one that the portal suspects: a contact of the organisation."""
    declared, suspected = expressions[4], expressions[9]
    when = programme.now - timedelta(days=44)
    Conflict.objects.create(
        expression=declared,
        person=people[1],
        state=ConflictState.DECLARED,
        reason=data["declared_conflict"],
        decided_at=when,
        is_example=True,
    )
    contact = {"organisation": suspected.organisation, "person": people[2]}
    programme.put(Contact, contact, job_title="Trustee", is_example=True)
    Conflict.objects.create(
        expression=suspected,
        person=people[2],
        state=ConflictState.SUGGESTED,
        reason="They are a contact of this organisation.",
        is_example=True,
    )
    return {
        (declared.pk, people[1].pk): ConflictState.DECLARED,
        (suspected.pk, people[2].pk): ConflictState.SUGGESTED,
    }


def _assign(
    call: Call,
    people: list[User],
    expressions: list[Expression],
    conflicts: dict[tuple[int, int], ConflictState],
) -> list[tuple[Expression, User]]:
    """Who has what, as an even share gives it."""
    by_id = {one.pk: one for one in expressions}
    persons = {person.pk: person for person in people}
    wanting = [Wanting(one.pk) for one in expressions if one.state == ExpressionState.ELIGIBLE]
    loads = dict.fromkeys(persons, 0)
    plan = balanced(wanting, loads, set(conflicts), call.scores_wanted)
    return [(by_id[expression], persons[assessor]) for expression, assessor in plan.pairs]


def _score(
    programme: Programme,
    data: dict[str, Any],
    criteria: list[Criterion],
    given: list[tuple[Expression, User]],
    chance: Random,
) -> None:
    """Each assessor's scores: the expression's worth less their strictness, with some chance."""
    people = [row["key"] for row in data["assessors"]]
    strict = {f"{row['key']}@example.org": row["strict"] for row in data["assessors"]}
    left = {f"{key}@example.org": STILL_TO_SCORE[n] for n, key in enumerate(people)}
    worth: dict[int, float] = {}
    rows, marks = [], []
    for expression, person in reversed(given):
        seen_before = expression.pk in worth
        base = worth.setdefault(expression.pk, chance.uniform(25, 88))
        is_open = left[person.email] > 0
        left[person.email] -= is_open
        done_at = None if is_open else programme.now - timedelta(hours=chance.randint(20, 700))
        rows.append(
            Assessment(
                expression=expression,
                assessor=person,
                state=AssessmentState.ASSIGNED if is_open else AssessmentState.DONE,
                comment="" if is_open else chance.choice(data["comments"]),
                version=0 if is_open else 1,
                assigned_at=programme.now - timedelta(days=43),
                done_at=done_at,
                is_example=True,
            )
        )
        if seen_before and expression.pk % DIFFER_EVERY == 0:
            base = 100 - base if abs(base - 50) > 15 else base + 45
        marks.append(base - strict[person.email])
    rows = Assessment.objects.bulk_create(rows)
    Score.objects.bulk_create(
        _one_score(assessment, criterion, reasons, mark, chance)
        for assessment, mark in zip(rows, marks, strict=True)
        if assessment.done_at
        for criterion, reasons in zip(criteria, data["criteria"], strict=True)
    )


def _one_score(
    assessment: Assessment, criterion: Criterion, row: dict[str, Any], mark: float, chance: Random
) -> Score:
    points = min(5, max(0, round((mark + chance.gauss(0, 9)) / 20)))
    level = "high" if points >= 4 else "middle" if points >= 2 else "low"
    return Score(
        assessment=assessment,
        criterion=criterion,
        points=points,
        reason=chance.choice(row["reasons"][level]),
        is_example=True,
    )


def _clear_conflicts(
    programme: Programme,
    people: list[User],
    expressions: list[Expression],
    conflicts: dict[tuple[int, int], ConflictState],
    given: list[tuple[Expression, User]],
) -> None:
    """All said of all others that they have no conflict, but the first of the last few."""
    eligible = [one.pk for one in expressions if one.state == ExpressionState.ELIGIBLE]
    open_ones = Assessment.objects.filter(assessor=people[0], state=AssessmentState.ASSIGNED)
    to_score = list(open_ones.values_list("expression_id", flat=True))
    own = {expression.pk for expression, person in given if person == people[0]}
    others = [pk for pk in eligible if pk not in own]
    waiting = {*to_score, *others[: STILL_TO_DECLARE - len(to_score)]}
    Conflict.objects.bulk_create(
        Conflict(
            expression_id=pk,
            person=person,
            state=ConflictState.CLEARED,
            decided_at=programme.now - timedelta(days=44),
            is_example=True,
        )
        for pk in eligible
        for person in people
        if (pk, person.pk) not in conflicts and not (person == people[0] and pk in waiting)
    )


def _finish(programme: Programme, call: Call, expressions: list[Expression]) -> None:
    """The log of each expression; those with all their scores are assessed."""
    staff = programme.person("programme.staff", "Programme staff")
    checked = call.closes_at + timedelta(days=3)
    unfinished = Assessment.objects.exclude(state=AssessmentState.DONE)
    open_ones = set(
        unfinished.filter(expression__call=call).values_list("expression_id", flat=True)
    )
    kinds, sent = ExpressionState, ExpressionState.SUBMITTED
    steps: list[tuple[Model, str, str, str, User | None, Any]] = []
    for one in expressions:
        steps.append((one, "submit", kinds.DRAFT, sent, None, one.submitted_at))
        if one.state == kinds.INELIGIBLE:
            steps.append((one, "mark_ineligible", sent, kinds.INELIGIBLE, staff, checked))
        elif one.state == kinds.WITHDRAWN:
            steps.append((one, "withdraw", sent, kinds.WITHDRAWN, None, checked))
        else:
            steps.append((one, "mark_eligible", sent, kinds.ELIGIBLE, staff, checked))
    _log(steps)
    for one in expressions:
        if one.state == kinds.ELIGIBLE and one.pk not in open_ones:
            at = programme.now - timedelta(hours=12)
            transitions.finish_assessment(obj=one, by=None, now=at)


def _plans(programme: Programme, call: Call) -> None:
    """The mix as it is wanted, and the highest scores alone, to compare."""
    staff = programme.person("programme.staff", "Programme staff")
    wanted = call.targets.values_list("dimension", "value", "least", "most")
    for name, note, lines in (
        ("Highest scores alone", "What we would get without looking at the mix.", []),
        ("The mix that we want", "All lines that were written down for the call.", wanted),
    ):
        made = make_plan(
            call=call,
            values={
                "name": name,
                "note": note,
                "places": call.places or 6,
                "scores": PlanScores.ADJUSTED,
                "lines": [list(line) for line in lines],
            },
            once_key=uuid4(),
            by=staff,
            now=programme.now,
        )
        Plan.objects.filter(pk=made.pk).update(is_example=True)
