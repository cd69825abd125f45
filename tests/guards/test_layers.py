"""Layers where imports do not show them; each guard is shown to find a planted fault."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from django.test.utils import isolate_apps

from tests.support.checks import layers

ROOT = Path(__file__).resolve().parents[2]


def own_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in layers.LAYER
    ]


def test_every_room_has_a_layer():
    assert sorted(settings.ROOMS) == sorted(layers.LAYER)


def test_foreign_keys_point_downwards():
    assert layers.upward_foreign_keys(own_models()) == []


def test_templates_include_from_below():
    assert layers.upward_templates(ROOT) == []


def test_get_model_looks_downwards():
    assert layers.upward_get_model(ROOT) == []


@isolate_apps("core", "partners")
def test_planted_upward_foreign_key_is_found():
    class Upper(models.Model):
        class Meta:
            app_label = "partners"

    class Lower(models.Model):
        upper = models.ForeignKey(Upper, on_delete=models.CASCADE)

        class Meta:
            app_label = "core"

    assert layers.upward_foreign_keys([Lower, Upper]) == ["core.Lower.upper → partners.Upper"]


def test_planted_upward_include_is_found(tmp_path):
    folder = tmp_path / "templates" / "partners"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text('{% include "surveys/part.html" %}')
    assert layers.upward_templates(tmp_path) == ["templates/partners/page.html → surveys/part.html"]


def test_planted_sibling_get_model_is_found(tmp_path):
    (tmp_path / "surveys").mkdir()
    (tmp_path / "surveys" / "x.py").write_text('apps.get_model("networks", "Network")')
    assert layers.upward_get_model(tmp_path) == ["surveys/x.py → networks"]
