"""The call for hosts of projects in 2023, and forty example expressions of interest."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from core.enums import Nation
from core.models import Transition
from expressions import transitions
from expressions.enums import ExpressionState, Fills, QuestionKind
from expressions.models import Answer, Call, Expression, Question, Section, SectionMark
from partners.enums import OrganisationKind, OrganisationSize
from partners.models import Contact, Organisation
from projects.enums import DeliveryModel, TopicState
from projects.models import Topic

from .frame import Programme

# In which states the forty are, and how many of each; the contact's own draft is one of the drafts.
STATES = {
    ExpressionState.DRAFT: 8,
    ExpressionState.SUBMITTED: 19,
    ExpressionState.ELIGIBLE: 9,
    ExpressionState.INELIGIBLE: 2,
    ExpressionState.WITHDRAWN: 2,
}
# As which they are made; staff's part is then taken through the steps themselves.
BEFORE_CHECKING = {
    ExpressionState.ELIGIBLE: ExpressionState.SUBMITTED,
    ExpressionState.INELIGIBLE: ExpressionState.SUBMITTED,
}
INELIGIBLE_BECAUSE = "The work would take place outside of the four nations of this call."


def load(programme: Programme) -> None:
    """Load ``data/expressions.yaml``. A call that is there already is left as it is."""
    data = programme.data("expressions")
    topics = [
        programme.put(
            Topic,
            {"slug": row["slug"]},
            title=row["title"],
            year=2023,
            state=TopicState.IN_PROGRAMME,
        )
        for row in data["topics"]
    ]
    if Call.objects.filter(slug=data["call"]["slug"]).exists():
        return
    call = _call(programme, data, topics)
    questions = _questions(call, data, topics)
    call = _open(programme, call)
    _own_draft(programme, call, data, questions)
    _examples(programme, call, data, questions)


def _call(programme: Programme, data: dict[str, Any], topics: list[Topic]) -> Call:
    """The call, to open a fortnight ago, for four weeks more until 5pm in London."""
    today = timezone.localdate(programme.now)
    opens_at = _london(today - timedelta(days=14), time(9))
    row = data["call"]
    fields = {key: row[key] for key in row if key != "slug"}
    call = programme.put(
        Call,
        {"slug": row["slug"]},
        opens_at=opens_at,
        closes_at=_london(today + timedelta(days=28), time(17)),
        is_example=True,
        **fields,
    )
    call.topics.set(topics)
    return call


def _open(programme: Programme, call: Call) -> Call:
    """The call with its questions, opened on its day."""
    staff = programme.person("programme.staff", "Programme staff")
    opener = User.objects.filter(email="programme.manager@example.org").first() or staff
    return transitions.open_call(obj=call, by=opener, now=call.opens_at)


def _london(day: Any, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def _questions(call: Call, data: dict[str, Any], topics: list[Topic]) -> dict[str, Question]:
    """The questions by key, with their conditions tied."""
    found: dict[str, Question] = {}
    filled = {
        Fills.TOPIC: [{"value": topic.slug, "label": topic.title} for topic in topics],
        Fills.DELIVERY_MODEL: [
            {"value": value, "label": str(DeliveryModel(value).label)}
            for value in call.delivery_models
        ],
    }
    for place, row in enumerate(data["sections"], start=1):
        section = Section.objects.create(
            call=call,
            order=place,
            title=row["title"],
            introduction=row.get("introduction", ""),
            is_example=True,
        )
        for order, one in enumerate(row["questions"], start=1):
            fields = {key: value for key, value in one.items() if key != "condition"}
            if fields.get("fills") in filled:
                fields["choices"] = filled[Fills(fields["fills"])]
            if "condition" in one:
                fields["condition"] = found[one["condition"]]
            found[one["key"]] = Question.objects.create(
                section=section, order=order, is_example=True, **fields
            )
    return found


def _own_draft(
    programme: Programme, call: Call, data: dict[str, Any], questions: dict[str, Question]
) -> None:
    """The draft of ``partner.contact``: the first two sections written, the first finished."""
    person = programme.person("partner.contact", "Partner contact")
    row = data["own_organisation"]
    organisation = programme.put(
        Organisation,
        {"name": row["name"]},
        is_example=True,
        **{key: row[key] for key in row if key != "name"},
    )
    contact = {"organisation": organisation, "person": person}
    programme.put(Contact, contact, job_title="Coordinator", is_example=True)
    programme.role(person, RoleKind.PARTNER_CONTACT, organisation)
    begun = programme.now - timedelta(days=6)
    expression = programme.put(
        Expression,
        {"call": call, "organisation": organisation},
        started_by=person,
        listed_at=begun,
        is_example=True,
    )
    chance = programme.chance("expressions:own")
    values = _values(data, questions, organisation, chance)
    half = {key: values[key] for key in values if questions[key].section.order <= 2}
    _fill(expression, values)
    expression.save()
    _write([(expression, half)], questions, begun, person)
    first = questions["who-you-are"].section
    programme.put(
        SectionMark,
        {"expression": expression, "section": first},
        is_finished=True,
        is_example=True,
    )


def _examples(
    programme: Programme, call: Call, data: dict[str, Any], questions: dict[str, Question]
) -> None:
    """The other example expressions, in mixed states, of every kind and nation."""
    chance = programme.chance("expressions")
    states = [state for state, count in STATES.items() for _n in range(count)][1:]
    chance.shuffle(states)
    staff = programme.person("programme.staff", "Programme staff")
    made = []
    for number, state in enumerate(states):
        organisation = _organisation(programme, data, number, chance)
        values = _values(data, questions, organisation, chance)
        begun = programme.now - timedelta(hours=chance.randint(30, 13 * 24))
        expression = Expression(
            call=call,
            organisation=organisation,
            state=BEFORE_CHECKING.get(state, state),
            listed_at=begun,
            is_example=True,
        )
        if state == ExpressionState.DRAFT:
            keep = chance.randint(1, 3)
            values = {key: values[key] for key in values if questions[key].section.order <= keep}
        else:
            _send(expression, call, chance, begun + timedelta(hours=chance.randint(2, 28)))
        if {"topic", "delivery-model"} <= values.keys():
            _fill(expression, values)
        made.append((expression, values, state))
    rows = Expression.objects.bulk_create([expression for expression, _values, _state in made])
    programme.made += len(rows)
    call.save(update_fields=["last_number"])
    for expression, values, state in made:
        _write([(expression, values)], questions, expression.listed_at, None)
        _mark_finished(expression, values, questions)
        if state != ExpressionState.DRAFT:
            _history(expression, state, staff)
        if state == ExpressionState.WITHDRAWN:
            _withdrawn(expression)


def _organisation(
    programme: Programme, data: dict[str, Any], number: int, chance: Random
) -> Organisation:
    """Example organisation ``number``: kinds and nations take turns, so that each comes up."""
    kinds = list(OrganisationKind)
    kind = kinds[number % len(kinds)]
    nation = list(Nation)[(number + number // len(kinds)) % len(Nation)]
    places = data["places"][nation]
    place = places[(number // len(Nation)) % len(places)]
    pattern = data["names"][kind]
    name = pattern.format(place=place, nation=nation.label)
    return programme.put(
        Organisation,
        {"name": f"{name[0].upper()}{name[1:]} (example {number + 1})"},
        kind=kind,
        nation=nation,
        place=place,
        size=chance.choice(list(OrganisationSize)),
        is_first_timer=chance.random() < 0.45,
        is_example=True,
    )


def _values(
    data: dict[str, Any],
    questions: dict[str, Question],
    organisation: Organisation,
    chance: Random,
) -> dict[str, Any]:
    """An answer to every question that is asked."""
    values: dict[str, Any] = {}
    for key, question in questions.items():
        condition = question.condition
        if condition and values.get(condition.key) not in question.condition_values:
            continue
        if question.kind == QuestionKind.YES_NO:
            values[key] = chance.choice(["yes", "no"])
        elif question.kind == QuestionKind.NUMBER:
            values[key] = str(chance.randint(1, 8))
        elif question.kind == QuestionKind.CHOICE:
            values[key] = chance.choice(question.choices)["value"]
        elif question.kind == QuestionKind.CHOICES:
            chosen = chance.sample(question.choices[:-1], chance.randint(1, 3))
            values[key] = [choice["value"] for choice in chosen]
        elif key in data["answers"]:
            values[key] = chance.choice(data["answers"][key]).format(place=organisation.place)
        elif key == "contact-name":
            values[key] = "Example contact, coordinator"
    return values


def _fill(expression: Expression, values: dict[str, Any]) -> None:
    expression.topic = Topic.objects.get(slug=values["topic"])
    expression.delivery_model = values["delivery-model"]
    expression.is_first_timer = values.get("first-time") == "yes"
    expression.is_struggling = values.get("struggling") == "yes"


def _send(expression: Expression, call: Call, chance: Random, at: datetime) -> None:
    """As ``transitions.submit`` leaves it, for an expression that nobody with an account wrote."""
    call.last_number += 1
    expression.reference = f"EOI-{call.year}-{call.last_number:04}"
    expression.submitted_at = at
    expression.declared_by = "Example contact"
    expression.listed_at = at


def _write(
    written: list[tuple[Expression, dict[str, Any]]],
    questions: dict[str, Question],
    at: datetime,
    by: User | None,
) -> None:
    Answer.objects.bulk_create(
        Answer(
            expression=expression,
            question=questions[key],
            value=value,
            saved_by=by,
            saved_at=at,
            is_example=True,
        )
        for expression, values in written
        for key, value in values.items()
    )


def _mark_finished(
    expression: Expression, values: dict[str, Any], questions: dict[str, Question]
) -> None:
    sections = {questions[key].section for key in values}
    SectionMark.objects.bulk_create(
        SectionMark(expression=expression, section=section, is_finished=True, is_example=True)
        for section in sorted(sections, key=lambda section: section.order)
    )


def _history(expression: Expression, state: ExpressionState, staff: User) -> None:
    """The log of what happened: sent in by nobody with an account, then checked by staff."""
    at = expression.listed_at
    _log(expression, "submit", ExpressionState.DRAFT, ExpressionState.SUBMITTED, at)
    later = at + timedelta(hours=4)
    if state == ExpressionState.ELIGIBLE:
        transitions.mark_eligible(obj=expression, by=staff, now=later)
    elif state == ExpressionState.INELIGIBLE:
        transitions.mark_ineligible(obj=expression, by=staff, now=later, reason=INELIGIBLE_BECAUSE)


def _withdrawn(expression: Expression) -> None:
    later = expression.listed_at + timedelta(hours=6)
    _log(expression, "withdraw", ExpressionState.SUBMITTED, ExpressionState.WITHDRAWN, later)


def _log(
    expression: Expression,
    step: str,
    source: ExpressionState,
    target: ExpressionState,
    at: datetime,
) -> None:
    Transition.objects.create(
        content_type=ContentType.objects.get_for_model(Expression),
        object_id=str(expression.pk),
        step=step,
        source=source,
        target=target,
        by=None,
        at=at,
    )
