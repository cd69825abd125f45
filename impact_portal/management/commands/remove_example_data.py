"""Remove everything that is marked “Example data”, before going live."""

from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models import ProtectedError

from core.models import LogRow


class Command(BaseCommand):
    help = "Remove all example data and what hangs on it. Real facts of the programme stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; without, only count")

    def handle(self, *args: Any, **options: Any) -> None:
        marked = [model for model in apps.get_models() if self._is_markable(model)]
        total = 0
        with transaction.atomic():
            for model in marked:
                count = model._base_manager.filter(is_example=True).count()
                total += count
                if count:
                    self.stdout.write(f"  {model._meta.verbose_name_plural}: {count}")
            if options["yes"]:
                self._remove(marked)
        done = "removed" if options["yes"] else "would be removed; add --yes to do it"
        self.stdout.write(f"{total} {done}")

    @staticmethod
    def _is_markable(model: type[models.Model]) -> bool:
        return model._meta.app_label in settings.ROOMS and any(
            field.name == "is_example" for field in model._meta.local_fields
        )

    def _remove(self, marked: list[type[models.Model]]) -> None:
        """Delete round by round: a row that another one protects goes once that one is gone."""
        left = list(marked)
        while left:
            still = [model for model in left if not self._removed(model)]
            if len(still) == len(left):
                names = ", ".join(str(model._meta.verbose_name_plural) for model in still)
                raise ProtectedError(f"Real data hangs on example data of: {names}", set())
            left = still
        for log in apps.get_models():
            if issubclass(log, LogRow):
                self._forget_orphans(log)

    @staticmethod
    def _removed(model: type[models.Model]) -> bool:
        try:
            with transaction.atomic():
                model._base_manager.filter(is_example=True).delete()
        except ProtectedError:
            return False
        return True

    @staticmethod
    def _forget_orphans(log: type[LogRow]) -> None:
        """Remove the log rows of objects that are gone."""
        kinds = log._base_manager.order_by().values_list("content_type", flat=True).distinct()
        for kind in ContentType.objects.filter(id__in=list(kinds)):
            model = kind.model_class()
            rows = log._base_manager.filter(content_type=kind)
            if model is None:
                continue
            logged = set(rows.values_list("object_id", flat=True).distinct())
            alive = {str(pk) for pk in model._base_manager.values_list("pk", flat=True)}
            for object_id in logged - alive:
                rows.filter(object_id=object_id).delete()
