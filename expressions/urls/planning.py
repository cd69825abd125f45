"""Addresses of the mix planner and of the gap board."""

from django.urls import path

from ..views import gaps, planning

PLANS = "staff/calls/<int:pk>/plans/"
ONE = f"{PLANS}<int:plan>/"
GAPS = "staff/calls/<int:pk>/gaps/"

urlpatterns = [
    path(PLANS, planning.Plans.as_view(), name="plans"),
    path(f"{PLANS}add/", planning.PlanAdd.as_view(), name="plan-add"),
    path(f"{PLANS}compare/", planning.PlansCompare.as_view(), name="plans-compare"),
    path(ONE, planning.PlanPage.as_view(), name="plan"),
    path(f"{ONE}change/", planning.PlanEdit.as_view(), name="plan-edit"),
    path(f"{ONE}named/", planning.PlanNamed.as_view(), name="plan-named"),
    path(f"{ONE}again/", planning.PlanAgain.as_view(), name="plan-again"),
    path(f"{ONE}copy/", planning.PlanCopy.as_view(), name="plan-copy"),
    path(f"{ONE}choose/", planning.PlanChoose.as_view(), name="plan-choose"),
    path(f"{ONE}export/<str:kind>/", planning.PlanExport.as_view(), name="plan-export"),
    path(GAPS, gaps.GapBoard.as_view(), name="gaps"),
    path(f"{GAPS}outreach/", gaps.GapOutreach.as_view(), name="gaps-outreach"),
    path(f"{GAPS}outreach/export/", gaps.GapOutreachExport.as_view(), name="gaps-outreach-csv"),
]
