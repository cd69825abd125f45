"""Who may open a page: every view declares a permission, and what is hidden is not found."""

from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import View

from .typed import signed_out, typed_texts


class PortalView(View):
    """A page for signed-in people who hold ``permission``.

    An anonymous visitor is sent to sign in and comes back, or is shown what they typed if their
    sign-in ended while they were writing; somebody without the permission gets
    403. ``permission_object`` may return the object on which the permission is asked, and raise
    ``Http404`` for one that this person may not know of.
    """

    permission: ClassVar[str]

    def permission_object(self) -> models.Model | None:
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            if texts := typed_texts(request):
                return signed_out(request, texts)
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(self.permission, self.permission_object()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class ObjectView(PortalView):
    """A page about one object out of ``visible()``; outside of it the page does not exist (404).

    ``self.target`` is the object; ``lookup`` names the field that the URL's argument of the same
    name holds.
    """

    lookup: ClassVar[str] = "pk"
    target: Any

    def visible(self) -> models.QuerySet:
        """The objects that this person may know of: ``Model.objects.visible_to(user)``."""
        raise NotImplementedError

    def permission_object(self) -> models.Model | None:
        self.target = get_object_or_404(self.visible(), **{self.lookup: self.kwargs[self.lookup]})
        return self.target


class PublicView(View):
    """A page that anybody may open; ``public_because`` says why."""

    public_because: ClassVar[str]
