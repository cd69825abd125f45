"""Addresses of calls and expressions of interest."""

from django.urls import path

from ..views import copies, public, section, staff, writing
from . import assessing, building
from .assisted import urlpatterns as assisted_entry
from .deciding import urlpatterns as deciding
from .files import urlpatterns as files_of_answers
from .planning import urlpatterns as planning
from .together import urlpatterns as writing_together

app_name = "expressions"

urlpatterns = [
    *building.urlpatterns,
    path("calls/", public.Calls.as_view(), name="calls"),
    path("calls/<slug:slug>/", public.CallPage.as_view(), name="call"),
    path("calls/<slug:slug>/start/", writing.Start.as_view(), name="start"),
    path("expressions/", writing.OwnExpressions.as_view(), name="mine"),
    path("expressions/<int:pk>/", writing.Tasks.as_view(), name="tasks"),
    path("expressions/<int:pk>/<int:order>/", section.SectionPage.as_view(), name="section"),
    path(
        "expressions/<int:pk>/answers/<int:question>/", section.AnswerSave.as_view(), name="answer"
    ),
    path("expressions/<int:pk>/check/", writing.Check.as_view(), name="check"),
    path("expressions/<int:pk>/send/", writing.Send.as_view(), name="send"),
    path("expressions/<int:pk>/sent/", writing.Sent.as_view(), name="sent"),
    path("expressions/<int:pk>/withdraw/", writing.Withdraw.as_view(), name="withdraw"),
    path("expressions/<int:pk>/copy/", copies.Copy.as_view(), name="copy"),
    path("staff/expressions/", staff.ExpressionList.as_view(), name="staff-list"),
    path("staff/expressions/export/", staff.ExpressionExport.as_view(), name="export"),
    path("staff/expressions/<int:pk>/", staff.ExpressionPage.as_view(), name="staff-page"),
    path("staff/expressions/<int:pk>/eligible/", staff.MarkEligible.as_view(), name="eligible"),
    path(
        "staff/expressions/<int:pk>/ineligible/", staff.MarkIneligible.as_view(), name="ineligible"
    ),
    *assessing.urlpatterns,
]

urlpatterns += deciding + assisted_entry + files_of_answers + writing_together + planning
