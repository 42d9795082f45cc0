"""The pages of the wire room, mounted at the root."""

from django.urls import path

from . import views

app_name = "wire"

urlpatterns = [
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revocation/", views.revocation, name="token_revocation"),
]
