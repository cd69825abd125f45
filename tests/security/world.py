"""Two of everybody in the loaded programme, and one object for each address of the portal.

Each object belongs to the first of the two: the second organisation, local network, Demonstrator
and group must not reach it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.enums import RoleKind
from accounts.models import User
from accounts.services import make_invitation
from coproduction.enums import Outcome as Saving
from coproduction.models import Charter, Clause, Draft, DraftRevision, Proposal
from demonstrators.models import CoachPost, Demonstrator, PlanPoint, SiteMove
from expressions.copies import COPY, parameters_of
from expressions.enums import ConflictState, QuestionKind
from expressions.models import (
    AnswerFile,
    Call,
    Conflict,
    Criterion,
    EarlierAnswer,
    Expression,
    Letter,
    MixTarget,
    Plan,
    Question,
    Section,
)
from guides.models import Guide
from impact_portal.mywork.services import make_link
from meetings.enums import LogState
from meetings.models import Action, Group, LogSuggestion, MeetingLog, Member
from networks.models import LocalNetwork
from notifications.models import Message
from notifications.unsubscribing import unsubscribe_path
from partners.models import (
    Contact,
    JoinRequest,
    Organisation,
    OrganisationIdentifier,
    OrganisationImport,
    OutreachContact,
)
from projects.enums import Audience, UpdateState
from projects.models import (
    Contribution,
    Learning,
    Milestone,
    Outcome,
    Project,
    Risk,
    SavedView,
    TheoryPart,
    Topic,
    Update,
)
from projects.people_services import roles_in
from projects.topic_links import token_of
from projects.topic_services import ask_organisations
from reports.enums import FileKind
from reports.models import ReportFile, ReportRun
from surveys.models import Survey
from tests.accounts.factories import UserFactory, person_with
from tests.coproduction.factories import charter_with_clauses, draft_by, member_of
from tests.demonstrators.factories import DemonstratorFactory, coach_of
from tests.expressions.assessing import assessor_of
from tests.expressions.factories import CallFactory, SubmittedFactory
from tests.notifications.factories import MessageFactory
from tests.projects.factories import ProjectFileFactory, UpdateFactory, UpdateImageFactory
from tests.support.checks.addresses import routes

PARTS = {
    "milestones": Milestone,
    "milestone": Milestone,
    "updates": Update,
    "update": Update,
    "learning": Learning,
    "outcomes": Outcome,
    "contributions": Contribution,
    "risks": Risk,
    "theory": TheoryPart,
}


@dataclass
class World:
    """The people by the name of their role, and what the arguments of addresses stand for."""

    people: dict[str, User | None] = field(default_factory=dict)
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)

    def addresses(self) -> Iterator[tuple[str, str, Any]]:
        """(name, address, view) of each address of ours. Fails on one without an object."""
        for _address, name, pattern in routes(get_resolver().url_patterns):
            view = getattr(pattern.callback, "view_class", None)
            if view is None or view.__module__.split(".")[0] == "allauth":
                continue
            wanted = pattern.pattern.converters
            kwargs = {key: self.argument(name, key) for key in wanted}
            yield name, reverse(name, kwargs=kwargs or None), view

    def argument(self, name: str, key: str) -> Any:
        for place in (name, name.split(":", maxsplit=1)[0]):
            if key in self.arguments.get(place, {}):
                return self.arguments[place][key]
        raise AssertionError(f"say in tests/security/world.py what {key} of {name} is")


def load_world() -> World:
    """The programme, and beside it the second of everybody."""
    call_command("load_programme", stdout=io.StringIO())
    world = World()
    _people(world)
    _accounts_and_messages(world)
    _partners_and_expressions(world)
    _meetings_and_networks(world)
    _demonstrators(world)
    _charter(world)
    _projects_and_reports(world)
    _surveys_and_guides(world)
    return world


def _example(key: str) -> User:
    return User.objects.get(email=f"{key}@example.org")


def _people(world: World) -> None:
    world.people = {
        "visitor": None,
        "nobody": UserFactory(),
        "assessor": _example("assessor"),
        "leadership": _example("leadership"),
        "networks_lead": _example("networks.lead"),
        "engagement_lead": _example("engagement.lead"),
        "staff": _example("programme.staff"),
        "manager": _example("programme.manager"),
    }


def _accounts_and_messages(world: World) -> None:
    people, now = world.people, timezone.now()
    invitation, token = make_invitation(
        email="invited@example.org",
        kind=RoleKind.PROGRAMME_STAFF,
        scope=None,
        by=people["manager"],
        now=now,
    )
    world.arguments["accounts:invitation"] = {"token": token}
    feed = make_link(person=people["manager"], by=people["manager"], now=now)
    world.arguments["history:page"] = {"kind": "survey", "pk": Survey.objects.earliest("pk").pk}
    world.arguments["search:kind"] = {"kind": "projects"}
    world.arguments["overview"] = {"figure": "came", "table": "people", "kind": "csv"}
    world.arguments["mywork:feed"] = {"token": feed}
    world.arguments["people:withdraw"] = {"pk": invitation.pk}
    world.arguments["people:role-end"] = {"pk": people["leadership"].roles.earliest("pk").pk}
    world.arguments["people:invite"] = {"kind": RoleKind.ASSESSOR}
    message = MessageFactory(recipient=people["nobody"], kind="partners.join_refused")
    key = unsubscribe_path(people["nobody"].pk, ["meetings.coming"]).split("/")[-2]
    world.arguments["notifications"] = {"pk": message.pk, "key": key, "step": "leave"}
    assert Message.objects.filter(pk=message.pk).exists()


def _partners_and_expressions(world: World) -> None:
    call = Call.objects.get(slug="host-a-project-in-2023")
    call.closes_at = timezone.now() + timedelta(days=28)
    call.save()
    drafts = Expression.objects.filter(call=call, state="draft").order_by("id")
    own, other = drafts[0], drafts[1]
    question = own.answers.filter(question__kind="long").first().question
    for name, organisation in [
        ("partner", own.organisation),
        ("other_partner", other.organisation),
    ]:
        person = person_with(RoleKind.PARTNER_CONTACT, organisation)
        Contact.objects.create(organisation=organisation, person=person)
        world.people[name] = person
    asks = JoinRequest.objects.create(organisation=own.organisation, person=UserFactory())
    world.people["asks_to_join"] = asks.person
    world.arguments["expressions"] = {
        "pk": own.pk,
        "slug": call.slug,
        "order": question.section.order,
        "question": question.pk,
        "section": f"section-{question.section_id}",
        "key": question.key,
        "kind": question.kind,
        "step": "start_assessing",
        "number": 1,
    }
    criterion = Criterion.objects.create(call=call, order=1, title="Need")
    target = MixTarget.objects.create(call=call, dimension="nation", value="wales")
    for verb in ("", "-move", "-remove"):
        world.arguments[f"expressions:build-criterion{verb}"] = {"line": criterion.pk}
        world.arguments[f"expressions:build-target{verb}"] = {"line": target.pk}
    _files_and_earlier_texts(world, own)
    _register(world, own, other)
    world.arguments["partners:join-request"] = {"pk": asks.pk}
    sent = Expression.objects.filter(call=call, state="submitted").exclude(pk=own.pk)[0]
    for name in ("staff-page", "eligible", "ineligible", "open-seal"):
        world.arguments[f"expressions:{name}"] = {"pk": sent.pk}
    assert Organisation.objects.filter(pk=own.organisation_id).exists()
    _assessment(world)
    _deciding(world, own)


def _deciding(world: World, own: Expression) -> None:
    """A call whose letters have gone out; the first partner is offered a place."""
    call = CallFactory(state="decided", title="A decided call")
    offered = SubmittedFactory(
        call=call,
        organisation=own.organisation,
        state="offered",
        told_at=timezone.now(),
        reference="EOI-W-0001",
    )
    letter = Letter.objects.create(
        expression=offered,
        outcome="offered",
        subject="An offer",
        body="Words.",
        answer_by=timezone.localdate() + timedelta(days=9),
        at=timezone.now(),
    )
    world.arguments["expressions:letter"] = {"pk": offered.pk}
    staff_pages = "deciding proposal wordings wording release reserve decision-record decision"
    for name in f"{staff_pages} make-project letter-again offer".split():
        world.arguments[f"expressions:{name}"] = {
            "pk": call.pk,
            "expression": offered.pk,
            "letter": letter.pk,
            "outcome": "offered",
        }


def _register(world: World, own: Expression, other: Expression) -> None:
    """A number, an outreach contact and an import of the register."""
    number = OrganisationIdentifier.objects.create(
        organisation=own.organisation, scheme="GB-CHC", value="1123456"
    )
    world.arguments["partners"] = {
        "pk": own.organisation_id,
        "other": other.organisation_id,
        "identifier": number.pk,
    }
    entry = OutreachContact.objects.create(
        organisation=own.organisation,
        happened_on=timezone.localdate(),
        channel="email",
        result="no_answer",
        by=world.people["staff"],
    )
    upload = OrganisationImport.objects.create(
        uploaded_by=world.people["staff"], keep_until=timezone.now() + timedelta(days=7)
    )
    for name in ("outreach-edit", "outreach-remove", "outreach-done"):
        world.arguments[f"partners:{name}"] = {"pk": entry.pk}
    for name in ("import", "import-report", "import-cancel"):
        world.arguments[f"partners:{name}"] = {"pk": upload.pk}


def _assessment(world: World) -> None:
    """The pilot round, an assessor of it, and one expression that this assessor has to score."""
    call = Call.objects.get(state="assessing")
    own = world.people["assessor"]
    one = Expression.objects.to_assess_by(own).filter(assessments__state="assigned").first()
    Conflict.objects.filter(expression=one, person=own).delete()
    Conflict.objects.create(
        expression=one, person=own, state=ConflictState.CLEARED, decided_at=timezone.now()
    )
    world.people["other_assessor"] = assessor_of(Call.objects.get(state="open"))
    for name in ("assessing-call", "declare"):
        world.arguments[f"expressions:{name}"] = {"slug": call.slug}
    for name in ("score", "score-save", "late-conflict"):
        world.arguments[f"expressions:{name}"] = {"pk": one.pk}
    staff_pages = "assessment assessment-begin assessors assessor-remove assign assign-chosen"
    staff_pages += " longlist conflicts conflict-clear moderate finish-early scores-export"
    suspected = Conflict.objects.get(state=ConflictState.SUGGESTED)
    for name in staff_pages.split():
        world.arguments[f"expressions:{name}"] = {
            "pk": call.pk,
            "person": own.pk,
            "conflict": suspected.pk,
            "expression": one.pk,
            "kind": "csv",
        }
    plan = Plan.objects.create(call=call, name="A plan", places=3)
    for name in ("", "-edit", "-named", "-again", "-copy", "-choose", "-export"):
        where = {"pk": call.pk, "plan": plan.pk, "kind": "csv"}
        world.arguments[f"expressions:plan{name}"] = where
    for name in ("plans", "plan-add", "plans-compare", "gaps", "gaps-outreach"):
        world.arguments[f"expressions:{name}"] = {"pk": call.pk}
    world.arguments["expressions:gaps-outreach-csv"] = {"pk": call.pk}


def _files_and_earlier_texts(world: World, own: Expression) -> None:
    """A question that a file answers, the file, and a text that was written over."""
    person, now = world.people["partner"], timezone.now()
    section = Section.objects.filter(call=own.call).order_by("order").last()
    asked = Question.objects.create(
        section=section,
        key="a-file",
        order=900,
        kind=QuestionKind.FILE,
        text="A file?",
        is_required=False,
    )
    file = AnswerFile.objects.create(
        expression=own,
        question=asked,
        file=ContentFile(b"%PDF-1.7", name="plan.pdf"),
        name="plan.pdf",
        kind="pdf",
        size=8,
        sha256="0" * 64,
        uploaded_by=person,
        uploaded_at=now,
        state="unscanned",
    )
    earlier = EarlierAnswer.objects.create(
        expression=own,
        question_id=world.argument("expressions:answer", "question"),
        version=1,
        value="An earlier text.",
        written_by=person,
        written_at=now,
    )
    world.arguments["expressions:file"] = {"pk": file.pk}
    world.arguments["expressions:file-progress"] = {"question": asked.pk}
    world.arguments["expressions:restore"] = {"earlier": earlier.pk}
    world.arguments["expressions:enter-for"] = {"organisation": own.organisation_id}


def _meetings_and_networks(world: World) -> None:
    wales = Group.objects.get(name="Choice and control: Wales")
    world.people |= {
        "coordinator": _example("network.coordinator"),
        "network_member": _example("network.member"),
        "other_coordinator": _example("network.coordinator.scotland"),
        "assembly_member": _example("assembly.member"),
    }
    item = LogSuggestion.objects.filter(log__meeting__group=wales).order_by("id").first()
    log = item.log
    type(log).objects.filter(pk=log.pk).update(
        state=LogState.DRAFT, submitted_at=None, accepted_at=None
    )
    world.arguments["meetings"] = {"pk": log.meeting_id, "kind": "suggestions", "item": item.pk}
    for name in ("group", "member-add", "reminders", "meeting-add"):
        world.arguments[f"meetings:{name}"] = {"pk": wales.pk}
    member = Member.objects.filter(group=wales, person__isnull=True).first()
    for name in ("member", "member-invite", "member-leave"):
        world.arguments[f"meetings:{name}"] = {"pk": member.pk}
    action = Action.objects.filter(group=wales).first()
    world.arguments["meetings:action"] = {"pk": action.pk}
    local = LocalNetwork.objects.get(group=wales)
    world.arguments["networks"] = {"pk": local.network_id}
    world.arguments["networks:local"] = {"pk": local.pk}
    sent = MeetingLog.objects.filter(meeting__group=wales, state=LogState.ACCEPTED).first()
    world.arguments["networks-staff"] = {"pk": sent.pk}


def _demonstrators(world: World) -> None:
    own = Demonstrator.objects.get()
    world.people["coach"] = _example("improvement.coach")
    world.people["other_coach"] = coach_of(DemonstratorFactory())
    slug = own.project.slug
    move = SiteMove.objects.filter(site__demonstrator=own, undone_at__isnull=True).order_by("-id")[
        0
    ]
    world.arguments["demonstrators"] = {"slug": slug, "pk": move.site_id, "move": move.pk}
    post = CoachPost.objects.filter(demonstrator=own).first()
    world.arguments["demonstrators:post-edit"] = {"pk": post.pk}
    world.arguments["demonstrators:post-status"] = {"pk": post.pk}
    point = PlanPoint.objects.filter(demonstrator=own).first()
    world.arguments["demonstrators:plan-remove"] = {"pk": point.pk}
    unset = Project.objects.filter(model="demonstrator", demonstrator__isnull=True).first()
    world.arguments["demonstrators:set-up"] = {"slug": (unset or own.project).slug}


def _charter(world: World) -> None:
    charter = Charter.objects.get()
    proposal = Proposal.objects.get()
    author = proposal.proposed_by.person
    colleague = User.objects.filter(
        memberships__group=charter.group, email__startswith="advisory"
    ).exclude(pk=author.pk)[0]
    world.people |= {
        "advisory_member": author,
        "advisory_colleague": colleague,
        "other_advisory": member_of(charter_with_clauses()),
    }
    clause = Clause.objects.filter(charter=charter).order_by("id").last()
    heading = clause.texts.latest("id").heading
    draft: Draft = draft_by(author, charter, heading)
    revision = DraftRevision.objects.get(draft=draft)
    revision.pk, revision.outcome = None, Saving.BESIDE
    revision.save()
    world.arguments["coproduction"] = {"pk": charter.pk, "kind": "change", "revision": revision.pk}
    by_object = {
        charter.versions.first().pk: ["version"],
        clause.pk: ["clause", "suggest_at_clause"],
        proposal.pk: ["proposal", "position", "comment", "withdraw", "decide"],
    }
    for pk, names in by_object.items():
        world.arguments |= {f"coproduction:{name}": {"pk": pk} for name in names}
    drafts = "draft edit_draft settle send_draft share_draft put_away take_out begin_from_now"
    world.arguments |= {f"coproduction:{name}": {"pk": draft.pk} for name in drafts.split()}


def _projects_and_reports(world: World) -> None:
    own = Demonstrator.objects.order_by("id").first().project
    world.people["host"] = person_with(RoleKind.PARTNER_CONTACT, own.host)
    world.arguments["projects"] = {"pk": own.pk, "project": own.pk, "slug": own.slug}
    for name, model in PARTS.items():
        part = model.objects.filter(project=own).first() or _part(model, own)
        for verb in ("-edit", "-remove", "-mark", "-publish", "-take-down", "-links", "-move", ""):
            world.arguments[f"projects:{name}{verb}"] = {"pk": part.pk}
    update = Update.objects.filter(project=own).first()
    update.state, update.audience, update.published_at = UpdateState.DRAFT, Audience.INTERNAL, None
    update.published_by = None
    update.save()
    _topics(world)
    image = UpdateImageFactory(update=update)
    for name in ("image", "image-edit", "image-remove"):
        world.arguments[f"projects:{name}"] = {"pk": image.pk}
    world.arguments["projects:image-add"] = {"pk": update.pk}
    published = UpdateImageFactory(
        update=UpdateFactory(project=own, state=UpdateState.PUBLISHED, published_at=timezone.now())
    )
    world.arguments["projects:public-image"] = {"pk": published.pk}
    view = SavedView.objects.create(owner=world.people["staff"], name="Wales", is_shared=True)
    for name in ("view-edit", "view-remove"):
        world.arguments[f"projects:{name}"] = {"pk": view.pk}
    world.arguments["projects:export"] = {"kind": "csv"}
    world.arguments["projects:add-model"] = {"model": "guide"}
    role = roles_in(own).first()
    world.arguments["projects:role-end"] = {"role": role.pk}
    file = ProjectFileFactory(project=own)
    for name in ("file", "file-remove"):
        world.arguments[f"projects:{name}"] = {"pk": file.pk}
    risk = own.risks.first()
    for name in ("risks", "theory"):
        del world.arguments[f"projects:{name}"]
    world.arguments["projects:risk-step"] = {"pk": risk.pk, "step": "close"}
    for name in ("milestones-export", "risks-export"):
        world.arguments[f"projects:{name}"] = {"kind": "csv"}
    centre = Contribution.objects.filter(project__isnull=True).first() or _part(Contribution, None)
    world.arguments["projects:own-contribution-edit"] = {"pk": centre.pk}
    world.arguments["projects:own-contribution-remove"] = {"pk": centre.pk}
    expression = Expression.objects.get(pk=world.argument("expressions:tasks", "pk"))
    run = ReportRun.objects.create(
        kind=COPY.name,
        parameters=parameters_of(expression),
        parameters_hash="copy",
        requested_by=world.people["partner"],
        state="ready",
        figures={},
    )
    ReportFile.objects.create(
        run=run,
        kind=FileKind.PDF,
        file=ContentFile(b"%PDF-1.7", name="copy.pdf"),
        size=8,
        sha256="0" * 64,
    )
    world.arguments["reports"] = {"pk": run.pk, "kind": FileKind.PDF}
    world.arguments["reports:ask"] = {"kind": "programme_overview"}


def _topics(world: World) -> None:
    """A topic that waits for evidence from the first partner, and one under assessment."""
    topic = Topic.objects.get(is_example=True)
    gap = topic.gaps.get()
    organisation = Organisation.objects.get(pk=world.argument("partners", "pk"))
    ask = ask_organisations(
        gap=gap,
        organisations=[organisation],
        by=world.people["staff"],
        now=timezone.now(),
    )[0]
    names = "topic topic-edit topic-step topic-history topic-score topic-origin-add gap-open"
    for name in names.split():
        world.arguments[f"projects:{name}"] = {"pk": topic.pk, "criterion": "evidence"}
    for name in ("gap-ask", "gap-reply-for-others", "gap-close"):
        world.arguments[f"projects:{name}"] = {"pk": gap.pk, "topic": topic.pk}
    origin = topic.origins.get()
    world.arguments["projects:topic-origin-remove"] = {"pk": origin.pk, "topic": topic.pk}
    world.arguments["projects:topics-export"] = {"kind": "csv"}
    world.arguments["projects:gap-reply"] = {"token": token_of(ask.nonce)}
    world.arguments["projects:gap-asked"] = {"pk": ask.pk}
    public = Topic.objects.public().order_by("id").first()
    world.arguments["projects:topic-thread"] = {"slug": public.slug}


def _part(model: Any, project: Project | None) -> Any:
    from tests.projects import factories

    return getattr(factories, f"{model.__name__}Factory")(project=project)


def _surveys_and_guides(world: World) -> None:
    survey = Survey.objects.get()
    code = survey.questions.first().code
    world.arguments["surveys"] = {"slug": survey.slug, "number": 1, "code": code, "step": "close"}
    world.arguments["guides"] = {"slug": Guide.objects.get().slug, "step": "publish"}
