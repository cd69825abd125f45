"""What somebody typed into a form that could not be saved, to be shown to them once more."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# Far more than a person types into one form.
MOST_TEXTS = 40


def typed_texts(request: HttpRequest) -> list[str]:
    """The running texts of a form that was sent: what would hurt to lose, in the form's order.

    Single words, numbers, choices and passwords are left out: quickly typed again, or secret.
    """
    found = [
        value.strip()
        for name in request.POST
        if "password" not in name
        for value in request.POST.getlist(name)
        if " " in value.strip() or "\n" in value.strip()
    ]
    return found[:MOST_TEXTS]


def signed_out(request: HttpRequest, texts: list[str]) -> HttpResponse:
    """The answer to a form sent by somebody whose sign-in had ended: nothing typed is lost."""
    context = {"texts": texts, "come_back_to": request.get_full_path()}
    # Written by somebody who was signed in: on a shared computer no cache keeps it.
    response = render(request, "core/signed_out.html", context, status=401)
    response["Cache-Control"] = "private, no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a form that had been open for too long, with what was typed into it."""
    return render(request, "403_csrf.html", {"texts": typed_texts(request)}, status=403)
