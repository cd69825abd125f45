"""Addresses of the room."""

from django.urls import path

from .views import charter, drafts, proposals

app_name = "coproduction"

urlpatterns = [
    path("", charter.CharterIndex.as_view(), name="index"),
    path("<int:pk>/", charter.CharterDetail.as_view(), name="charter"),
    path("<int:pk>/compare/", charter.Compare.as_view(), name="compare"),
    path("<int:pk>/agreements/", charter.AgreementMatrix.as_view(), name="agreements"),
    path("<int:pk>/agreements.csv", charter.AgreementExport.as_view(), name="agreements_csv"),
    path("<int:pk>/agree/", charter.AgreeWith.as_view(), name="agree"),
    path("<int:pk>/take-back/", charter.TakeBack.as_view(), name="take_back"),
    path("<int:pk>/rule/", charter.RuleEdit.as_view(), name="rule"),
    path("<int:pk>/proposals/", proposals.ProposalList.as_view(), name="proposals"),
    path("<int:pk>/proposals.csv", proposals.ProposalExport.as_view(), name="proposals_csv"),
    path("<int:pk>/suggest/", drafts.Begin.as_view(), name="suggest"),
    path("versions/<int:pk>/", charter.VersionDetail.as_view(), name="version"),
    path("clauses/<int:pk>/", charter.ClauseDetail.as_view(), name="clause"),
    path("clauses/<int:pk>/<slug:kind>/", drafts.BeginAtClause.as_view(), name="suggest_at_clause"),
    path("drafts/<int:pk>/", drafts.DraftDetail.as_view(), name="draft"),
    path("drafts/<int:pk>/edit/", drafts.DraftEdit.as_view(), name="edit_draft"),
    path("drafts/<int:pk>/both/<int:revision>/", drafts.Settle.as_view(), name="settle"),
    path("drafts/<int:pk>/send/", drafts.SendDraft.as_view(), name="send_draft"),
    path("drafts/<int:pk>/share/", drafts.ShareDraft.as_view(), name="share_draft"),
    path("drafts/<int:pk>/put-away/", drafts.PutAway.as_view(), name="put_away"),
    path("drafts/<int:pk>/take-out/", drafts.TakeOut.as_view(), name="take_out"),
    path("drafts/<int:pk>/from-now/", drafts.BeginFromNow.as_view(), name="begin_from_now"),
    path("proposals/<int:pk>/", proposals.ProposalDetail.as_view(), name="proposal"),
    path("proposals/<int:pk>/position/", proposals.TakePosition.as_view(), name="position"),
    path("proposals/<int:pk>/comment/", proposals.Say.as_view(), name="comment"),
    path("proposals/<int:pk>/withdraw/", proposals.Withdraw.as_view(), name="withdraw"),
    path("proposals/<int:pk>/decide/", proposals.Decide.as_view(), name="decide"),
]
