"""What the forms of this room share."""

from uuid import uuid4

from django import forms

from core.forms import PortalModelForm, SeenMixin


class OnceForm(PortalModelForm, SeenMixin):
    """Carries the key by which a second click finds what the first one made, and what was seen."""

    once_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
