"""One call with one question of each kind that matters, and one organisation that writes."""

from dataclasses import dataclass

import pytest
from django.utils import timezone

from accounts.models import User
from expressions import transitions
from expressions.enums import QuestionKind
from expressions.models import Call, Expression, Question
from partners.models import Organisation
from tests.expressions.factories import (
    CallFactory,
    ExpressionFactory,
    QuestionFactory,
    SectionFactory,
    write,
)
from tests.partners.factories import OrganisationFactory, contact_of


@dataclass
class Scene:
    """An open call of two sections, a draft in it, and the person who writes it."""

    call: Call
    why: Question
    days: Question
    organisation: Organisation
    writer: User
    draft: Expression

    def fill(self):
        """Answer all that is needed."""
        write(self.draft, self.why, "Because people wait too long.", self.writer, timezone.now())
        write(self.draft, self.days, "3", self.writer, timezone.now())

    def send(self, now=None):
        """Answer everything and send in."""
        self.fill()
        return transitions.submit(
            obj=self.draft, by=self.writer, now=now or timezone.now(), declared_by="Ann Writer"
        )


@pytest.fixture
def scene(db):
    call = CallFactory()
    first, second = SectionFactory(call=call, order=1), SectionFactory(call=call, order=2)
    organisation = OrganisationFactory(name="Newport voices")
    return Scene(
        call=call,
        why=QuestionFactory(section=first, key="why", text="Why?", word_limit=10),
        days=QuestionFactory(section=second, key="days", text="Days?", kind=QuestionKind.NUMBER),
        organisation=organisation,
        writer=contact_of(organisation, preferred_name="Ann"),
        draft=ExpressionFactory(call=call, organisation=organisation),
    )
