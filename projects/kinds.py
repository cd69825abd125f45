"""What each of the four delivery models is, asks for, and calls its own steps.

The states are the same for all, so that lists and figures can be compared; their words are each
model's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .enums import ChangeStage, DeliveryModel, ProjectState

Text = str | Promise
STEPS = [
    ProjectState.PROPOSED,
    ProjectState.SETTING_UP,
    ProjectState.LIVE,
    ProjectState.COMPLETING,
    ProjectState.CLOSED,
]


@dataclass(frozen=True)
class Kind:
    """One delivery model. ``needs`` are fields without which none is added, ``hides`` those that
    it does not have; ``labels`` and ``hints`` are its own words for fields. ``steps`` say what
    happens in each state, in the order of STEPS. ``milestones`` are what it usually begins with.
    """

    about: Text
    add_title: Text
    steps: Sequence[Text]
    milestones: Sequence[tuple[ChangeStage, Text]]
    needs: frozenset[str] = frozenset()
    hides: frozenset[str] = frozenset()
    labels: Mapping[str, Text] = field(default_factory=dict)
    hints: Mapping[str, Text] = field(default_factory=dict)

    def words_of(self, state: str) -> str:
        """What happens in ``state``; nothing of a project that was stopped."""
        return str(self.steps[STEPS.index(ProjectState(state))]) if state in STEPS else ""


KINDS = {
    DeliveryModel.NETWORK: Kind(
        about=_("Local networks in the nations meet about one issue and suggest solutions."),
        add_title=_("Add a Network"),
        needs=frozenset({"topics"}),
        hides=frozenset({"host"}),
        labels={"title": _("The issue that the local networks work on")},
        steps=[
            _("The issue is chosen."),
            _("Coordinators are found and people are invited in each nation."),
            _("Local networks meet four times in six months."),
            _("What the nations said is put side by side, and plans are followed up."),
            _("The plans are done or handed over."),
        ],
        milestones=[
            (ChangeStage.AGREEING, _("The issue is agreed in all nations")),
            (ChangeStage.MOBILISING, _("Materials with all three kinds of evidence are ready")),
            (ChangeStage.ENGAGING, _("Each local network has 8 to 10 people of five groups")),
            (ChangeStage.ACTING, _("Each local network has an action plan")),
            (ChangeStage.SUSTAINING, _("What the networks found is shared across the nations")),
        ],
    ),
    DeliveryModel.DEMONSTRATOR: Kind(
        about=_("Improvement coaches work on a major issue in one place."),
        add_title=_("Add a Demonstrator"),
        needs=frozenset({"host", "starts_on"}),
        labels={
            "title": _("The issue and the place"),
            "host": _("Who hosts the work in the place?"),
        },
        steps=[
            _("A place and its host are found."),
            _("Coaches are appointed and sites are approached."),
            _("Coaches work with the sites, and we measure what changes."),
            _("The evaluation is written, and other places are told."),
            _("The place goes on without us."),
        ],
        milestones=[
            (ChangeStage.AGREEING, _("The host agrees on the issue and the aim")),
            (ChangeStage.MOBILISING, _("What is known about the issue is put together")),
            (ChangeStage.ENGAGING, _("The first sites take part")),
            (ChangeStage.TRYING, _("Half of the sites try the new way")),
            (ChangeStage.SUSTAINING, _("The evaluation is published")),
        ],
    ),
    DeliveryModel.FACILITATOR: Kind(
        about=_("One person works in one host for about a year."),
        add_title=_("Add a Facilitator"),
        needs=frozenset({"host", "starts_on", "ends_on"}),
        labels={
            "title": _("What the Facilitator works on"),
            "host": _("Where does the Facilitator work?"),
            "starts_on": _("First day in post"),
            "ends_on": _("Last day in post"),
        },
        hints={"ends_on": _("About a year after the first day.")},
        steps=[
            _("The host and the question are agreed."),
            _("The Facilitator is appointed."),
            _("The Facilitator works in the host."),
            _("The work is handed over to the host."),
            _("The post has ended."),
        ],
        milestones=[
            (ChangeStage.AGREEING, _("The host and the Facilitator agree on the question")),
            (ChangeStage.MOBILISING, _("The evidence is brought together for the host")),
            (ChangeStage.TRYING, _("The new way is tried with one team")),
            (ChangeStage.SUSTAINING, _("The host has a plan to go on")),
        ],
    ),
    DeliveryModel.GUIDE: Kind(
        about=_("An answer to a question that people ask us."),
        add_title=_("Add an Ask IMPACT guide"),
        needs=frozenset({"summary"}),
        hides=frozenset({"host"}),
        labels={
            "title": _("The question that people ask"),
            "summary": _("Who asks it, and why?"),
            "ends_on": _("When is it to be published?"),
        },
        steps=[
            _("The question has been asked."),
            _("We look at what is known and who should have a say."),
            _("The guide is written."),
            _("It is read by people who know research, practice and the life itself."),
            _("The guide is published."),
        ],
        milestones=[
            (ChangeStage.AGREEING, _("The question is agreed with those who asked it")),
            (ChangeStage.MOBILISING, _("The three kinds of evidence are put together")),
            (ChangeStage.COPRODUCING, _("The draft is read by people who draw on care")),
            (ChangeStage.SUSTAINING, _("A day is set to look at the guide again")),
        ],
    ),
}


def kind_of(model: str) -> Kind:
    """What the delivery model ``model`` asks for. Errors: ``ValueError`` for no model."""
    return KINDS[DeliveryModel(model)]
