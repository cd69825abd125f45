"""Addresses of building a call."""

from django.urls import path

from ..views import building, building_form, building_judging, public

CALL = "staff/calls/<slug:slug>/"
FORM = f"{CALL}form/"
JUDGING = f"{CALL}judging/"

urlpatterns = [
    path("calls/feed.json", public.Feed.as_view(), name="feed"),
    path("expressions/<int:pk>/call-seen/", public.CallSeen.as_view(), name="call-seen"),
    path("staff/expressions/<int:pk>/seal/", building.OpenSeal.as_view(), name="open-seal"),
    path("staff/calls/", building.CallList.as_view(), name="staff-calls"),
    path("staff/calls/add/", building.Add.as_view(), name="build-add"),
    path("staff/calls/import/", building.Import.as_view(), name="build-import"),
    path(CALL, building.CallPage.as_view(), name="staff-call"),
    path(f"{CALL}facts/", building.Facts.as_view(), name="build-facts"),
    path(f"{CALL}dates/", building.Dates.as_view(), name="build-dates"),
    path(f"{CALL}assess-by/", building.AssessBy.as_view(), name="build-assess-by"),
    path(f"{CALL}closing/", building.Closing.as_view(), name="build-closing"),
    path(f"{CALL}open/", building.Open.as_view(), name="build-open"),
    path(f"{CALL}steps/<slug:step>/", building.TakeStep.as_view(), name="build-step"),
    path(f"{CALL}copy/", building.Copy.as_view(), name="build-copy"),
    path(f"{CALL}export/", building.Export.as_view(), name="build-export"),
    path(FORM, building_form.Overview.as_view(), name="build-form"),
    path(f"{FORM}texts/", building_form.Texts.as_view(), name="build-texts"),
    path(f"{FORM}move/", building_form.Move.as_view(), name="build-move"),
    path(f"{FORM}publish/", building_form.Publish.as_view(), name="build-publish"),
    path(f"{FORM}discard/", building_form.Discard.as_view(), name="build-discard"),
    path(f"{FORM}preview/<int:number>/", building_form.Preview.as_view(), name="build-preview"),
    path(f"{FORM}sections/add/", building_form.SectionAdd.as_view(), name="build-section-add"),
    path(
        f"{FORM}sections/<slug:section>/",
        building_form.SectionChange.as_view(),
        name="build-section",
    ),
    path(
        f"{FORM}sections/<slug:section>/remove/",
        building_form.SectionRemove.as_view(),
        name="build-section-remove",
    ),
    path(
        f"{FORM}sections/<slug:section>/questions/",
        building_form.ChooseKind.as_view(),
        name="build-kind",
    ),
    path(
        f"{FORM}sections/<slug:section>/questions/<slug:kind>/",
        building_form.QuestionAdd.as_view(),
        name="build-question-add",
    ),
    path(
        f"{FORM}questions/<slug:key>/",
        building_form.QuestionChange.as_view(),
        name="build-question",
    ),
    path(
        f"{FORM}questions/<slug:key>/condition/",
        building_form.Condition.as_view(),
        name="build-condition",
    ),
    path(
        f"{FORM}questions/<slug:key>/remove/",
        building_form.QuestionRemove.as_view(),
        name="build-question-remove",
    ),
    path(JUDGING, building_judging.Judging.as_view(), name="build-judging"),
    path(
        f"{JUDGING}criteria/add/",
        building_judging.CriterionAdd.as_view(),
        name="build-criterion-add",
    ),
    path(
        f"{JUDGING}criteria/<int:line>/",
        building_judging.CriterionChange.as_view(),
        name="build-criterion",
    ),
    path(
        f"{JUDGING}criteria/<int:line>/remove/",
        building_judging.CriterionRemove.as_view(),
        name="build-criterion-remove",
    ),
    path(
        f"{JUDGING}criteria/<int:line>/move/",
        building_judging.CriterionMove.as_view(),
        name="build-criterion-move",
    ),
    path(f"{JUDGING}mix/add/", building_judging.TargetAdd.as_view(), name="build-target-add"),
    path(f"{JUDGING}mix/<int:line>/", building_judging.TargetChange.as_view(), name="build-target"),
    path(
        f"{JUDGING}mix/<int:line>/remove/",
        building_judging.TargetRemove.as_view(),
        name="build-target-remove",
    ),
]
