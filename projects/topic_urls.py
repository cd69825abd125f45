"""Addresses of topics: the staff's under staff/topics/, everybody's under topics/."""

from django.urls import path

from . import gap_views, topic_views

STAFF = "staff/topics/<int:pk>"
GAP = "staff/topics/<int:topic>/gaps/<int:pk>"

topic_urlpatterns = [
    path("topics/evidence/<str:token>/", gap_views.GapReplyByLink.as_view(), name="gap-reply"),
    path("topics/asked/<int:pk>/", gap_views.GapAsked.as_view(), name="gap-asked"),
    path("topics/<slug:slug>/", topic_views.TopicThread.as_view(), name="topic-thread"),
    path("staff/topics/", topic_views.TopicList.as_view(), name="topics"),
    path("staff/topics/suggest/", topic_views.TopicSuggest.as_view(), name="topic-suggest"),
    path(
        "staff/topics/export/<slug:kind>/", topic_views.TopicExport.as_view(), name="topics-export"
    ),
    path(f"{STAFF}/", topic_views.TopicDetail.as_view(), name="topic"),
    path(f"{STAFF}/edit/", topic_views.TopicEdit.as_view(), name="topic-edit"),
    path(f"{STAFF}/state/", topic_views.TopicStep.as_view(), name="topic-step"),
    path(f"{STAFF}/history/", topic_views.TopicHistory.as_view(), name="topic-history"),
    path(
        f"{STAFF}/criteria/<slug:criterion>/", topic_views.ScoreView.as_view(), name="topic-score"
    ),
    path(f"{STAFF}/origins/add/", topic_views.OriginAdd.as_view(), name="topic-origin-add"),
    path(
        "staff/topics/<int:topic>/origins/<int:pk>/remove/",
        topic_views.OriginRemove.as_view(),
        name="topic-origin-remove",
    ),
    path(f"{STAFF}/gaps/open/", gap_views.GapOpen.as_view(), name="gap-open"),
    path(f"{GAP}/ask/", gap_views.GapAskMore.as_view(), name="gap-ask"),
    path(f"{GAP}/replies/add/", gap_views.GapReplyForOthers.as_view(), name="gap-reply-for-others"),
    path(f"{GAP}/close/", gap_views.GapClose.as_view(), name="gap-close"),
]
