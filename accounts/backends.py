"""Signing in, without Django's own permissions."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend


class SignInBackend(AuthenticationBackend):
    """allauth's sign-in. What a person may do comes from roles alone, asked through rules.

    Django's per-user and per-group permissions are never used; asking for them would cost two
    queries on every page.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()
