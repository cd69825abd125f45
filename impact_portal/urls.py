"""The root of all addresses; each room brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

from core.gallery import GalleryView
from core.health import AliveView, ReadyView

from . import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("changes/", views.ChangesView.as_view(), name="changes"),
    path("health/", AliveView.as_view(), name="health"),
    path("health/ready/", ReadyView.as_view(), name="health-ready"),
    path("language/", set_language, name="set_language"),
    path("pages/", include("impact_portal.pages")),
    path("account/", include("allauth.urls")),
    path("you/", include("accounts.urls")),
    path("history/", include("impact_portal.history.urls")),
    path("programme/overview/", include("impact_portal.overview.urls")),
    path("search/", include("impact_portal.search.urls")),
    path("staff/people/", include("impact_portal.people.urls")),
    path(
        "staff/components/",
        include(([path("", GalleryView.as_view(), name="gallery")], "core")),
    ),
    path("charter/", include("coproduction.urls")),
    path("demonstrators/", include("demonstrators.urls")),
    path("meetings/", include("meetings.urls")),
    path("networks/", include("networks.urls")),
    path("staff/networks/", include("networks.urls_staff")),
    # These rooms have public pages and staff pages, each under a prefix of its own.
    path("", include("expressions.urls")),
    path("", include("guides.urls")),
    path("", include("impact_portal.mywork.urls")),
    path("", include("notifications.urls")),
    path("", include("partners.urls")),
    path("", include("projects.urls")),
    path("", include("reports.urls")),
    path("", include("surveys.urls")),
]
