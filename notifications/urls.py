"""Addresses of the outbox pages."""

app_name = "notifications"
urlpatterns: list = []
