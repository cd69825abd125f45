"""Addresses of the pages of a project's work."""

from django.urls import path

from . import file_views, people_views, theory_views, work_views

ONE = "staff/projects/<int:pk>"
PART = "staff/projects/<int:project>"

work_urlpatterns = [
    path(f"{ONE}/timeline/", work_views.Timeline.as_view(), name="timeline"),
    path(
        f"{ONE}/milestones/export/<slug:kind>/",
        work_views.WorkExport.as_view(what="milestones"),
        name="milestones-export",
    ),
    path(f"{PART}/updates/<int:pk>/images/add/", file_views.ImageAdd.as_view(), name="image-add"),
    path(f"{PART}/images/<int:pk>/", file_views.ImageShow.as_view(), name="image"),
    path(f"{PART}/images/<int:pk>/edit/", file_views.ImageEdit.as_view(), name="image-edit"),
    path(f"{PART}/images/<int:pk>/remove/", file_views.ImageRemove.as_view(), name="image-remove"),
    path(
        "projects/<slug:slug>/images/<int:pk>/",
        file_views.PublicImage.as_view(),
        name="public-image",
    ),
    path(f"{ONE}/files/", file_views.FileList.as_view(), name="files"),
    path(f"{ONE}/files/add/", file_views.FileAdd.as_view(), name="file-add"),
    path(f"{PART}/files/<int:pk>/", file_views.FileOpen.as_view(), name="file"),
    path(f"{PART}/files/<int:pk>/remove/", file_views.FileRemove.as_view(), name="file-remove"),
    path(f"{ONE}/people/", people_views.People.as_view(), name="people"),
    path(f"{ONE}/people/add/", people_views.RoleAdd.as_view(), name="role-add"),
    path(f"{ONE}/people/<int:role>/", people_views.RoleEnd.as_view(), name="role-end"),
    path(f"{ONE}/theory/", theory_views.Theory.as_view(), name="theory"),
    path(f"{PART}/theory/<int:pk>/links/", theory_views.TheoryLinks.as_view(), name="theory-links"),
    path(f"{PART}/theory/<int:pk>/move/", theory_views.TheoryMove.as_view(), name="theory-move"),
    path("staff/projects/risks-to-look-at/", work_views.RisksDue.as_view(), name="risks-due"),
    path(f"{ONE}/risks/", work_views.RiskList.as_view(), name="risks"),
    path(
        f"{ONE}/risks/export/<slug:kind>/",
        work_views.WorkExport.as_view(what="risks"),
        name="risks-export",
    ),
    path(
        f"{PART}/risks/<int:pk>/step/<slug:step>/", work_views.RiskStep.as_view(), name="risk-step"
    ),
]
