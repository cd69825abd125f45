"""The personal-data register is whole; the guard is shown to find planted faults."""

from pathlib import Path

from django.apps import apps

from accounts.models import AccessNeeds, Invitation
from core.retention import rules
from tests.support.checks import personal_data
from tests.support.checks.layers import LAYER

ROOT = Path(__file__).resolve().parents[2]


def test_every_field_is_classified_in_the_register():
    models = [model for model in apps.get_models() if model._meta.app_label in LAYER]
    assert personal_data.register_faults(ROOT, models) == []


def test_every_time_that_is_promised_is_kept_by_a_rule():
    models = [model for model in apps.get_models() if model._meta.app_label in LAYER]
    kept = [rule.models for rule in rules]
    assert personal_data.unkept_promises(ROOT, models, kept) == []
    without = [labels for labels in kept if Invitation._meta.label not in labels]
    assert personal_data.unkept_promises(ROOT, models, without) == ["accounts.Invitation"]


def test_planted_faults_are_found():
    entry = {
        "not_personal": ["id", "created_at", "updated_at", "is_example", "person", "lost"],
        "personal": {
            "needs": {"what": "needs", "basis": "consent", "retention": "two years"},
            "payment": {"what": "payment", "basis": ""},
            "person": {"what": "who", "basis": "consent", "retention": "two years"},
        },
    }
    assert personal_data.faults(AccessNeeds, entry) == [
        "accounts.AccessNeeds.keep_until: not classified",
        "accounts.AccessNeeds.lost: no such field",
        "accounts.AccessNeeds.person: classified twice",
        "accounts.AccessNeeds.payment: says no basis",
        "accounts.AccessNeeds.payment: says no retention",
    ]


def test_planted_unregistered_model_is_found():
    assert personal_data.faults(AccessNeeds, None) == ["accounts.AccessNeeds: not in the register"]
