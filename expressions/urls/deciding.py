"""Addresses of deciding: those of staff, and the letter of an organisation."""

from django.urls import path

from ..views import deciding, letters, offers

CALL = "staff/calls/<int:pk>/deciding/"
ONE = f"{CALL}expressions/<int:expression>/"

urlpatterns = [
    path("expressions/<int:pk>/letter/", letters.OwnLetter.as_view(), name="letter"),
    path(CALL, deciding.Board.as_view(), name="deciding"),
    path(f"{CALL}plan/", deciding.Proposal.as_view(), name="proposal"),
    path(f"{CALL}letters/", letters.Wordings.as_view(), name="wordings"),
    path(f"{CALL}letters/<slug:outcome>/", letters.Wording.as_view(), name="wording"),
    path(f"{CALL}release/", deciding.Release.as_view(), name="release"),
    path(f"{CALL}reserve/", deciding.Reserve.as_view(), name="reserve"),
    path(f"{CALL}record/", letters.Record.as_view(), name="decision-record"),
    path(ONE, deciding.DecisionPage.as_view(), name="decision"),
    path(f"{ONE}project/", deciding.MakeProject.as_view(), name="make-project"),
    path(f"{ONE}offer/", offers.Offer.as_view(), name="offer"),
    path(f"{ONE}letters/<int:letter>/again/", letters.Resend.as_view(), name="letter-again"),
]
