"""Addresses of assessment: those of assessors, and those of staff."""

from django.urls import path

from ..views import assessing, assessment_board

STAFF = "staff/calls/<int:pk>/assessment/"

urlpatterns = [
    path("assessing/", assessing.AssessedCalls.as_view(), name="assessing"),
    path("assessing/<slug:slug>/", assessing.AssessedCall.as_view(), name="assessing-call"),
    path("assessing/<slug:slug>/conflicts/", assessing.Declare.as_view(), name="declare"),
    path("assessing/expressions/<int:pk>/", assessing.ScorePage.as_view(), name="score"),
    path("assessing/expressions/<int:pk>/save/", assessing.ScoreSave.as_view(), name="score-save"),
    path(
        "assessing/expressions/<int:pk>/conflict/",
        assessing.LateConflict.as_view(),
        name="late-conflict",
    ),
    path(STAFF, assessment_board.Board.as_view(), name="assessment"),
    path(f"{STAFF}begin/", assessment_board.Begin.as_view(), name="assessment-begin"),
    path(f"{STAFF}assessors/", assessment_board.Assessors.as_view(), name="assessors"),
    path(
        f"{STAFF}assessors/<int:person>/remove/",
        assessment_board.RemoveAssessor.as_view(),
        name="assessor-remove",
    ),
    path(f"{STAFF}assign/", assessment_board.AssignEvenly.as_view(), name="assign"),
    path(f"{STAFF}assign/chosen/", assessment_board.AssignChosen.as_view(), name="assign-chosen"),
    path(f"{STAFF}longlist/", assessment_board.Longlist.as_view(), name="longlist"),
    path(f"{STAFF}conflicts/", assessment_board.ConflictRegister.as_view(), name="conflicts"),
    path(
        f"{STAFF}conflicts/<int:conflict>/",
        assessment_board.ClearConflict.as_view(),
        name="conflict-clear",
    ),
    path(
        f"{STAFF}expressions/<int:expression>/",
        assessment_board.Moderate.as_view(),
        name="moderate",
    ),
    path(
        f"{STAFF}expressions/<int:expression>/finish/",
        assessment_board.FinishEarly.as_view(),
        name="finish-early",
    ),
    path(
        f"{STAFF}export/<str:kind>/", assessment_board.ScoresExport.as_view(), name="scores-export"
    ),
]
