"""Addresses of projects: the staff's pages under staff/projects/, everybody's under projects/
and topics/."""

from django.urls import path
from django.urls.resolvers import URLPattern

from . import part_views, public_views, update_views, views
from .listing_urls import listing_urlpatterns
from .parts import PARTS
from .topic_urls import topic_urlpatterns
from .work_urls import work_urlpatterns

app_name = "projects"


def _part_urls(name: str) -> list[URLPattern]:
    """Adding, changing and removing one kind of part of a project."""
    base = f"staff/projects/<int:project>/{name}"
    part = PARTS[name]
    return [
        path(f"{base}/add/", part_views.PartAdd.as_view(part=part), name=f"{name}-add"),
        path(f"{base}/<int:pk>/edit/", part_views.PartEdit.as_view(part=part), name=f"{name}-edit"),
        path(
            f"{base}/<int:pk>/remove/",
            part_views.PartRemove.as_view(part=part),
            name=f"{name}-remove",
        ),
    ]


own = PARTS["contributions"]

urlpatterns = [
    path("projects/", public_views.PublicList.as_view(), name="public-list"),
    path("projects/<slug:slug>/", public_views.PublicDetail.as_view(), name="public-detail"),
    *listing_urlpatterns,
    path("staff/projects/add/", views.ProjectAdd.as_view(), name="add"),
    path("staff/projects/add/<slug:model>/", views.ProjectAddModel.as_view(), name="add-model"),
    path("staff/projects/late-milestones/", views.LateMilestones.as_view(), name="late-milestones"),
    path("staff/projects/drafts/", views.Drafts.as_view(), name="drafts"),
    path(
        "staff/projects/contributions/", part_views.ContributionList.as_view(), name="contributions"
    ),
    path(
        "staff/projects/contributions/export/",
        part_views.ContributionExport.as_view(),
        name="contributions-export",
    ),
    path(
        "staff/projects/contributions/add/",
        part_views.OwnContributionAdd.as_view(part=own),
        name="own-contribution-add",
    ),
    path(
        "staff/projects/contributions/<int:pk>/edit/",
        part_views.OwnContributionEdit.as_view(part=own),
        name="own-contribution-edit",
    ),
    path(
        "staff/projects/contributions/<int:pk>/remove/",
        part_views.OwnContributionRemove.as_view(part=own),
        name="own-contribution-remove",
    ),
    path("staff/projects/<int:pk>/", views.ProjectDetail.as_view(), name="detail"),
    path("staff/projects/<int:pk>/edit/", views.ProjectEdit.as_view(), name="edit"),
    path("staff/projects/<int:pk>/status/", views.StatusChange.as_view(), name="status"),
    path("staff/projects/<int:pk>/going/", views.RagChangeView.as_view(), name="rag"),
    path("staff/projects/<int:pk>/history/", views.History.as_view(), name="history"),
    *_part_urls("milestones"),
    *_part_urls("updates"),
    *_part_urls("learning"),
    *_part_urls("outcomes"),
    *_part_urls("contributions"),
    *_part_urls("risks"),
    *_part_urls("theory"),
    path(
        "staff/projects/<int:project>/milestones/<int:pk>/done/",
        part_views.MilestoneMark.as_view(),
        name="milestone-mark",
    ),
    path(
        "staff/projects/<int:project>/updates/<int:pk>/",
        update_views.UpdateDetail.as_view(),
        name="update",
    ),
    path(
        "staff/projects/<int:project>/updates/<int:pk>/publish/",
        update_views.UpdatePublish.as_view(),
        name="update-publish",
    ),
    path(
        "staff/projects/<int:project>/updates/<int:pk>/take-down/",
        update_views.UpdateTakeDown.as_view(),
        name="update-take-down",
    ),
    *work_urlpatterns,
    *topic_urlpatterns,
]
