"""The root of all addresses; each room brings its own."""

from django.urls import include, path
from django.views.i18n import set_language

from core.gallery import GalleryView
from core.health import AliveView, ReadyView

from . import views

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("health/", AliveView.as_view(), name="health"),
    path("health/ready/", ReadyView.as_view(), name="health-ready"),
    path("language/", set_language, name="set_language"),
    path("", include("partners.urls")),
    path("", include("expressions.urls")),
    path("pages/", include("impact_portal.pages")),
    path("account/", include("allauth.urls")),
    path("you/", include("accounts.urls")),
    path("", include("projects.urls")),
    path("meetings/", include("meetings.urls")),
    path("networks/", include("networks.urls")),
    path("staff/networks/", include("networks.urls_staff")),
    path("demonstrators/", include("demonstrators.urls")),
    path("staff/people/", include("impact_portal.people.urls")),
    path("", include("notifications.urls")),
    path("", include("reports.urls")),
    path("charter/", include("coproduction.urls")),
    path(
        "staff/components/",
        include(([path("", GalleryView.as_view(), name="gallery")], "core")),
    ),
    path("", include("surveys.urls")),
    path("", include("guides.urls")),
]
