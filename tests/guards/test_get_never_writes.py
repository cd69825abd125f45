"""A GET that writes fails whatever test sends it."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from tests.accounts.factories import UserFactory
from tests.support.guards import GetNeverWritesMiddleware, GetWroteToTheDatabase


def writing_view(request):
    UserFactory()
    return HttpResponse()


@pytest.mark.django_db
def test_planted_write_in_a_get_is_found():
    with pytest.raises(GetWroteToTheDatabase):
        GetNeverWritesMiddleware(writing_view)(RequestFactory().get("/"))


@pytest.mark.django_db
def test_planted_write_while_a_body_is_read_is_found():
    def rows():
        yield "begun"
        UserFactory()
        yield "written"

    response = GetNeverWritesMiddleware(lambda request: StreamingHttpResponse(rows()))(
        RequestFactory().get("/")
    )
    with pytest.raises(GetWroteToTheDatabase):
        list(response)


@pytest.mark.django_db
def test_post_may_write():
    response = GetNeverWritesMiddleware(writing_view)(RequestFactory().post("/"))
    assert response.status_code == 200
