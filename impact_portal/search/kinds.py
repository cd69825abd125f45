"""What can be found: each kind of thing with who may find it, by which words, and its page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleKind
from accounts.models import User
from accounts.rules import scope_ids, sees_programme
from coproduction.models import CharterVersion, Clause, ClauseText
from core.registry import Registry
from expressions.enums import ConflictState
from expressions.models import Call, Conflict, Expression
from guides.models import Guide, Resource
from guides.selectors import resources
from meetings.models import Meeting
from networks.models import LocalNetwork
from partners.models import Organisation
from projects.models import Project, Topic, Update
from projects.querysets import PROJECT_ROLES
from surveys.models import Survey


@dataclass(frozen=True)
class SearchKind:
    """One kind of thing.

    ``rows(user)``: what this person may find, with all that ``title`` and ``url`` need; ``titles``
    are the fields in which a word may be nearly right, ``texts`` those in which it has to stand.
    """

    name: str | Promise
    rows: Callable[[Any], QuerySet]
    titles: tuple[str, ...]
    url: Callable[[Any, Any], str]
    texts: tuple[str, ...] = ()
    title: Callable[[Any], str] = str
    detail: Callable[[Any], str] = lambda row: ""


search_kinds: Registry[SearchKind] = Registry("kinds of things to find")


def _projects(user: Any) -> QuerySet:
    """Those that a person works on or may see, and those with a page for everybody."""
    if sees_programme(user):
        return Project.objects.all()
    ours = Project.objects.visible_to(user).values("pk")
    return Project.objects.filter(Q(pk__in=ours) | Q(is_public=True)).select_related("host")


def _project_url(project: Project, user: Any) -> str:
    return project.get_absolute_url() if _works_on(user, project) else project.public_url


def _works_on(user: Any, project: Project) -> bool:
    if sees_programme(user) or project.pk in scope_ids(user, PROJECT_ROLES, Project):
        return True
    return user.has_perm("projects.view_project", project)


def _updates(user: Any) -> QuerySet:
    rows = Update.objects.visible_to(user).select_related("project")
    return rows if sees_programme(user) else rows.filter(project__is_public=True)


def _expressions(user: Any) -> QuerySet:
    """What ``visible_to`` gives, less what a person has yet to say whether they have a conflict in:
    no search may name it before.

    Only the reference and the organisation are searched: no answer, sealed or not.
    """
    rows = Expression.objects.visible_to(user).select_related("call", "organisation")
    if sees_programme(user):
        return rows
    cleared = Conflict.objects.filter(
        expression=OuterRef("pk"), person_id=user.pk, state=ConflictState.CLEARED
    )
    own = Expression.objects.of_contact(user).values("pk")
    return rows.filter(Q(Exists(cleared)) | Q(pk__in=own))


def _expression_url(expression: Expression, user: Any) -> str:
    if sees_programme(user):
        return reverse("expressions:staff-page", args=[expression.pk])
    if expression.organisation_id in _spoken_for(user):
        return expression.get_absolute_url()
    return reverse("expressions:score", args=[expression.pk])


def _spoken_for(user: Any) -> set[int]:
    """The organisations that ``user`` speaks for today."""
    return scope_ids(user, {RoleKind.PARTNER_CONTACT}, Organisation)


def _clauses(user: Any) -> QuerySet:
    """The words of clauses as they stand in the newest version of each charter."""
    newer = CharterVersion.objects.filter(
        charter=OuterRef("charter"), number__gt=OuterRef("number")
    )
    newest = CharterVersion.objects.filter(~Exists(newer))
    return ClauseText.objects.filter(
        clause__in=Clause.objects.visible_to(user), places__version__in=newest
    )


def _people(user: Any) -> QuerySet:
    people = User.objects.filter(is_active=True)
    return people if user.has_perm("impact_portal.view_people") else people.none()


def _surveys(user: Any) -> QuerySet:
    if sees_programme(user):
        return Survey.objects.all()
    return Survey.objects.public(timezone.now())


def _guide_url(guide: Guide, user: Any) -> str:
    page = "guides:feedback" if sees_programme(user) else "guides:guide"
    return reverse(page, args=[guide.slug])


def _library_url(resource: Resource, user: Any) -> str:
    return f"{reverse('guides:library')}?{urlencode({'q': resource.title})}"


def _by_role(staff: str, others: str, key: str) -> Callable[[Any, Any], str]:
    """The page for those who see the programme, or the one for everybody else."""
    return lambda row, user: reverse(
        staff if sees_programme(user) else others, args=[getattr(row, key)]
    )


KINDS = {
    "projects": SearchKind(_("Projects"), _projects, ("title",), _project_url, texts=("summary",)),
    "topics": SearchKind(
        _("Topics"),
        Topic.objects.visible_to,
        ("title",),
        lambda one, user: (
            reverse("projects:topic", args=[one.pk])
            if sees_programme(user)
            else reverse("projects:topic-thread", args=[one.slug])
        ),
        texts=("description",),
    ),
    "updates": SearchKind(
        _("Updates of projects"),
        _updates,
        ("title",),
        lambda one, user: (
            one.get_absolute_url() if sees_programme(user) else one.project.public_url
        ),
        detail=lambda one: one.project.title,
    ),
    "organisations": SearchKind(
        _("Organisations"),
        Organisation.objects.visible_to,
        ("name", "place"),
        lambda one, user: one.get_absolute_url(),
        detail=lambda one: one.place,
    ),
    "expressions": SearchKind(
        _("Expressions of interest"),
        _expressions,
        ("organisation__name",),
        _expression_url,
        texts=("reference",),
        title=lambda one: f"{one.organisation.name} {one.reference}".strip(),
        detail=lambda one: one.call.title,
    ),
    "calls": SearchKind(
        _("Calls"),
        Call.objects.visible_to,
        ("title",),
        _by_role("expressions:staff-call", "expressions:call", "slug"),
        texts=("summary",),
    ),
    "networks": SearchKind(
        _("Local networks"),
        lambda user: LocalNetwork.objects.visible_to(user).select_related("group"),
        ("name", "group__name"),
        lambda one, user: reverse("networks:local", args=[one.pk]),
        title=lambda one: one.name or one.group.name,
    ),
    "meetings": SearchKind(
        _("Meetings"),
        lambda user: Meeting.objects.visible_to(user).select_related("group"),
        ("title", "group__name", "place"),
        lambda one, user: reverse("meetings:meeting", args=[one.pk]),
        detail=lambda one: one.group.name,
    ),
    "guides": SearchKind(_("Guides"), Guide.objects.visible_to, ("title",), _guide_url),
    "evidence": SearchKind(
        _("Evidence library"),
        lambda user: resources(),
        ("title",),
        _library_url,
        texts=("summary",),
    ),
    "clauses": SearchKind(
        _("Clauses of the charter"),
        _clauses,
        ("heading",),
        lambda one, user: reverse("coproduction:clause", args=[one.clause_id]),
        texts=("text",),
    ),
    "surveys": SearchKind(
        _("Surveys"), _surveys, ("title",), _by_role("surveys:results", "surveys:start", "slug")
    ),
    "people": SearchKind(
        _("People"),
        _people,
        ("preferred_name", "email"),
        lambda one, user: f"{reverse('people:list')}?{urlencode({'q': one.email})}",
        detail=lambda one: one.email,
    ),
}
for _key, _kind in KINDS.items():
    search_kinds.add(_key, _kind)
