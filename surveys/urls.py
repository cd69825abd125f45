"""Addresses: public pages under /surveys/, results under /staff/surveys/."""

from django.urls import include, path

from . import views

app_name = "surveys"

public = [
    path("", views.SurveyIndex.as_view(), name="index"),
    path("<slug:slug>/", views.StartView.as_view(), name="start"),
    path("<slug:slug>/pages/<int:number>/", views.PageView.as_view(), name="page"),
    path("<slug:slug>/saved/", views.SavedView.as_view(), name="saved"),
    path("<slug:slug>/check/", views.CheckView.as_view(), name="check"),
    path("<slug:slug>/thank-you/", views.ThanksView.as_view(), name="thanks"),
]

staff = [
    path("", views.SurveyList.as_view(), name="list"),
    path("<slug:slug>/", views.ResultsView.as_view(), name="results"),
    path("<slug:slug>/questions/<slug:code>/", views.QuestionView.as_view(), name="question"),
    path("<slug:slug>/results.csv", views.TablesDownload.as_view(), name="tables"),
    path("<slug:slug>/codebook.csv", views.CodebookDownload.as_view(), name="codebook"),
    path("<slug:slug>/steps/<slug:step>/", views.StepView.as_view(), name="step"),
]

urlpatterns = [
    path("surveys/", include(public)),
    path("staff/surveys/", include(staff)),
]
