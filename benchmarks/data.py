"""Rows by the thousand, and a signed-in member of staff to read them."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Max, QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import RoleKind
from accounts.models import Role, User
from benchmarks.server import say
from core.enums import Nation
from core.paging import cursor_after
from expressions.enums import CallState, ExpressionState
from expressions.models import Call, Expression
from partners.enums import OrganisationKind
from partners.models import Organisation
from projects.enums import DeliveryModel, ProjectState
from projects.models import Project, ProjectNation, Topic

CHUNK = 5_000
# So many rows go through the models; more are copies of these that the database makes itself.
BY_MODELS = 10_000
BEGAN = datetime(2022, 1, 1, tzinfo=UTC)
READER = "reader@example.org"


def fill(rows: int, *, analyse: bool = True) -> None:
    """Make ``rows`` projects and ``rows`` expressions with what hangs on them.

    ``analyse`` tells the database to look at them, which it cannot inside a transaction.
    """
    say(f"writing {rows:,} projects and expressions")
    lead = User.objects.create_user(READER, preferred_name="Reader")
    Role.objects.create(person=lead, kind=RoleKind.PROGRAMME_STAFF, starts_on=date(2022, 1, 1))
    topics = [Topic.objects.create(title=f"Topic {n}", slug=f"topic-{n}") for n in range(10)]
    first = min(rows, BY_MODELS)
    for start in range(0, first, CHUNK):
        numbers = range(start, min(first, start + CHUNK))
        hosts = Organisation.objects.bulk_create(_organisation(n) for n in numbers)
        _projects(numbers, hosts, topics, lead)
        _expressions(numbers, hosts, topics)
    if rows > first:
        _multiply(rows // first)
    if analyse:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _multiply(times: int) -> None:
    """Copy the rows that are there until there are ``times`` as many, each copy with keys of its
    own. Errors: the database's own when the rows were not made by an empty table."""
    moved = {
        Organisation: ["id"],
        Project: ["id", "host_id"],
        ProjectNation: ["id", "project_id"],
        Project.topics.through: ["id", "project_id"],
        Expression: ["id", "organisation_id"],
    }
    # Beyond the highest key of all these tables, so that one step serves each of them.
    step = max(model.objects.aggregate(last=Max("pk"))["last"] for model in moved)
    with connection.cursor() as cursor:
        for model, keys in moved.items():
            fresh = {key: f"{key} + n * {step}" for key in keys}
            for field in model._meta.local_fields:
                if field.get_internal_type() == "UUIDField" and field.unique:
                    fresh[field.column] = "gen_random_uuid()"
                elif field.name in {"slug", "reference"}:
                    fresh[field.column] = f"{field.column} || '-' || n"
                elif field.name in {"listed_at", "submitted_at", "updated_at"}:
                    fresh[field.column] = f"{field.column} + n * interval '7 days 1 second'"
            columns = [field.column for field in model._meta.local_fields]
            names = ", ".join(f'"{name}"' for name in columns)
            values = ", ".join(fresh.get(name, f'"{name}"') for name in columns)
            table = model._meta.db_table
            cursor.execute(
                f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", '
                f"generate_series(1, {times - 1}) AS n"
            )
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\""
            )


def _organisation(number: int) -> Organisation:
    kinds, nations = OrganisationKind.values, Nation.values
    return Organisation(
        name=f"Organisation {number}",
        kind=kinds[number % len(kinds)],
        nation=nations[number % len(nations)],
    )


def _projects(numbers: range, hosts: list[Organisation], topics: list[Topic], lead: User) -> None:
    models, states = DeliveryModel.values, ProjectState.values
    projects = Project.objects.bulk_create(
        Project(
            slug=f"project-{number}",
            title=f"Project {number} on choice and control in daily life",
            model=models[number % len(models)],
            state=states[number % len(states)],
            host=host,
            lead=lead,
        )
        for number, host in zip(numbers, hosts, strict=True)
    )
    nations = Nation.values
    ProjectNation.objects.bulk_create(
        ProjectNation(project=project, nation=nations[(project.pk + offset) % len(nations)])
        for project in projects
        for offset in range(2)
    )
    through = Project.topics.through
    through.objects.bulk_create(
        through(project_id=project.pk, topic_id=topics[project.pk % len(topics)].pk)
        for project in projects
    )


def _expressions(numbers: range, hosts: list[Organisation], topics: list[Topic]) -> None:
    call, _made = Call.objects.get_or_create(
        slug="bench",
        defaults={
            "title": "Host a project",
            "year": 2023,
            "state": CallState.OPEN,
            "opens_at": BEGAN,
            "closes_at": BEGAN + timedelta(days=365),
        },
    )
    Expression.objects.bulk_create(
        Expression(
            call=call,
            organisation=host,
            state=ExpressionState.SUBMITTED,
            reference=f"EOI-{number}",
            topic=topics[number % len(topics)],
            submitted_at=BEGAN + timedelta(minutes=number),
            listed_at=BEGAN + timedelta(minutes=number),
        )
        for number, host in zip(numbers, hosts, strict=True)
    )


def fill_updates(each: int = 10, *, analyse: bool = True) -> None:
    """So many published updates for each project, made by the database; one in a thousand has the
    rare word "lighthouse". ``analyse`` tells the database to look at all that is there."""
    say("writing updates")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO projects_update (created_at, updated_at, is_example, once_key, project_id,"
            " audience, title, text, state, published_at)"
            " SELECT now(), now(), false, gen_random_uuid(), id, 'public',"
            " 'Project news ' || n || ' of ' || id || CASE WHEN (id * %s + n) %% 1000 = 0"
            " THEN ' from the lighthouse to its neighbours' ELSE '' END, 'News', 'published',"
            " timestamptz '2022-01-01' + (id * %s + n) %% 1700 * interval '1 day'"
            " FROM projects_project, generate_series(0, %s) AS n",
            [each, each, each - 1],
        )
        if analyse:
            cursor.execute("VACUUM ANALYZE")


def fill_learning() -> None:
    """A first and a last day, a milestone, what helped, what hindered and an outcome for each
    project."""
    say("writing milestones and learning")
    days = "date '2022-01-01' + (id % 1700)::int"
    common = "now(), now(), false, gen_random_uuid(), id"
    columns = "created_at, updated_at, is_example, once_key, project_id"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE projects_project SET starts_on = {days}")
        for table in [
            f"projects_milestone ({columns}, stage, title, due_on)"
            f" SELECT {common}, 'agreeing', 'Milestone ' || id, {days} FROM projects_project",
            f"projects_learning ({columns}, kind, stage, text)"
            f" SELECT {common}, kind, '', 'What we saw in ' || id"
            " FROM projects_project, unnest(ARRAY['helped', 'hindered']) AS kind",
            f"projects_outcome ({columns}, text, evidence, seen_on)"
            f" SELECT {common}, 'What changed in ' || id, '', {days} FROM projects_project",
        ]:
            cursor.execute(f"INSERT INTO {table}")


def signed_in_cookie() -> str:
    """The ``Cookie`` header of a signed-in member of staff."""
    reader = User.objects.get(email=READER)
    session = SessionStore()
    session[SESSION_KEY] = str(reader.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = reader.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def queries_of(address: str) -> int:
    """How many SQL queries a page costs, those of session and person included."""
    client = Client()
    client.force_login(User.objects.get(email=READER))
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def address_at_depth(address: str, rows: QuerySet, order: list[str], share: float) -> str:
    """The address of a list's page that begins after ``share`` (0 to 1) of its ``rows``."""
    place = int(rows.count() * share)
    names = [name.lstrip("-") for name in order]
    row = rows.order_by(*order).values(*names)[place]
    return f"{address}?cursor={cursor_after(row, order)}"
