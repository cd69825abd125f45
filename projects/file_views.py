"""Pictures of updates and documents of projects: adding, showing, opening, removing."""

from typing import Any

from django.contrib import messages
from django.db import models
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView

from core import filetypes
from core.access import ObjectView, PublicView
from core.enums import FileKind
from core.filetypes import FileRefused
from core.paging import keyset_page

from . import file_services
from .images import CONTENT_TYPES
from .models import Project, ProjectFile, Update, UpdateImage
from .services import NotADraft
from .update_views import UpdateView
from .views import ProjectView
from .work_forms import ImageForm, ImageWordsForm, ProjectFileForm


def picture(image: UpdateImage, cache: str) -> FileResponse:
    """The picture itself; one whose content is away is no picture."""
    if not image.file.storage.exists(str(image.file.name)):
        raise Http404
    suffix = str(image.file.name).rpartition(".")[2]
    response = FileResponse(image.file.open("rb"), content_type=CONTENT_TYPES[suffix])
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = cache
    return response


class ImageAdd(UpdateView, FormView):
    """A picture for a draft. One without its words is kept, so that it need not be sent twice."""

    permission = "projects.publish_update"
    template_name = "projects/work/image_form.html"
    form_class = ImageForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        more = {"update": self.target, "project": self.target.project}
        return super().get_context_data(**more, **kwargs)

    def form_valid(self, form: ImageForm) -> HttpResponse:
        return self.keep(form, form.cleaned_data["alternative"])

    def form_invalid(self, form: ImageForm) -> HttpResponse:
        if list(form.errors) == ["alternative"]:
            return self.keep(form, "")
        return super().form_invalid(form)

    def keep(self, form: ImageForm, alternative: str) -> HttpResponse:
        data = {"upload": form.cleaned_data["upload"], "once_key": form.cleaned_data["once_key"]}
        data |= {"by": self.request.user, "now": timezone.now(), "alternative": alternative}
        try:
            image = file_services.add_image(update=self.target, **data)
        except (FileRefused, NotADraft) as problem:
            form.add_error("upload", str(problem))
            return super().form_invalid(form)
        return self.say(image)

    def say(self, image: UpdateImage) -> HttpResponse:
        if image.alternative:
            messages.success(self.request, _("The picture is added."))
            return redirect(self.target)
        words = _("The picture is kept. Now say what it shows: without that it is not published.")
        messages.warning(self.request, words)
        return redirect("projects:image-edit", self.target.project_id, image.pk)


class ImageView(ObjectView):
    """The base of pages about one picture."""

    permission = "projects.publish_update"
    target: UpdateImage

    def visible(self) -> models.QuerySet[UpdateImage]:
        user, project = self.request.user, self.kwargs["project"]
        projects = Project.objects.visible_to(user).filter(pk=project)
        updates = Update.objects.visible_to(user).filter(project__in=projects)
        return UpdateImage.objects.filter(update__in=updates).select_related("update__project")

    def permission_object(self) -> models.Model:
        super().permission_object()
        return self.target.update


class ImageShow(ImageView):
    """The picture for those who may read its update."""

    permission = "projects.view_update"

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        return picture(self.target, "private, no-store")


class ImageEdit(ImageView, FormView):
    """What the picture shows, in words."""

    template_name = "projects/work/image_words.html"
    form_class = ImageWordsForm

    def get_initial(self) -> dict[str, Any]:
        return {"alternative": self.target.alternative}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        update = self.target.update
        more = {"image": self.target, "update": update, "project": update.project}
        return super().get_context_data(**more, **kwargs)

    def form_valid(self, form: ImageWordsForm) -> HttpResponse:
        now, by = timezone.now(), self.request.user
        try:
            file_services.describe_image(obj=self.target, by=by, now=now, **form.cleaned_data)
        except NotADraft as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("What the picture shows is saved."))
        return redirect(self.target.update)


class ImageRemove(ImageView):
    """Asks once, then removes a picture."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        update = self.target.update
        context = {"image": self.target, "update": update, "project": update.project}
        return render(request, "projects/work/image_remove.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        update = self.target.update
        try:
            file_services.remove_image(obj=self.target, by=request.user, now=timezone.now())
        except NotADraft as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("The picture is removed."))
        return redirect(update)


class PublicImage(PublicView):
    """A picture of an update that everybody may read, on a project that has a public page."""

    public_because = "belongs to an update that is published for everybody"

    def get(self, request: HttpRequest, slug: str, pk: int) -> FileResponse:
        updates = Update.objects.public().filter(project__in=Project.objects.public())
        images = UpdateImage.objects.filter(update__in=updates, update__project__slug=slug)
        return picture(get_object_or_404(images, pk=pk), "public, max-age=300")


class FileList(ProjectView):
    """The documents of a project."""

    permission = "projects.view_project"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        files = self.target.files.select_related("uploaded_by")
        context = {
            "project": self.target,
            "page": keyset_page(files, order=["-id"], cursor=request.GET.get("cursor")),
            "may_change": request.user.has_perm("projects.change_project", self.target),
        }
        return render(request, "projects/work/files.html", context)


class FileAdd(ProjectView, FormView):
    """A document for a project."""

    permission = "projects.change_project"
    template_name = "projects/work/file_form.html"
    form_class = ProjectFileForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(project=self.target, **kwargs)

    def form_valid(self, form: ProjectFileForm) -> HttpResponse:
        now, by = timezone.now(), self.request.user
        try:
            file = file_services.add_file(project=self.target, by=by, now=now, **form.cleaned_data)
        except FileRefused as problem:
            form.add_error("upload", str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("“%(file)s” is added.") % {"file": file})
        return redirect("projects:files", self.target.pk)


class FileView(ObjectView):
    """The base of what is done with one document."""

    permission = "projects.change_project"
    target: ProjectFile

    def visible(self) -> models.QuerySet[ProjectFile]:
        projects = Project.objects.visible_to(self.request.user)
        found = ProjectFile.objects.filter(project__in=projects, project_id=self.kwargs["project"])
        return found.select_related("project__host")


class FileOpen(FileView):
    """A document, always as a download; not before the scanner has passed it."""

    permission = "projects.view_project"

    def permission_object(self) -> models.Model:
        super().permission_object()
        return self.target.project

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        file = self.target
        if not file.is_usable or not file.file.storage.exists(str(file.file.name)):
            raise Http404
        kind = filetypes.CONTENT_TYPES[FileKind(file.kind)]
        content = file.file.open("rb")
        response = FileResponse(content, as_attachment=True, filename=file.name, content_type=kind)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response


class FileRemove(FileView):
    """Asks once, then removes a document."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {"file": self.target, "project": self.target.project}
        return render(request, "projects/work/file_remove.html", context)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        file_services.remove_file(obj=self.target, by=request.user, now=timezone.now())
        messages.success(request, _("“%(file)s” is removed.") % {"file": self.target})
        return redirect("projects:files", self.target.project_id)
