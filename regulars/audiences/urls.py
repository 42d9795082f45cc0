"""The addresses of audiences and views, mounted at the root."""

from django.urls import path

from .views import audiences, saved

app_name = "audiences"

AUDIENCE = "marketing/audiences/<uuid:public_id>/"
VIEW = "customers/views/<uuid:public_id>/"

urlpatterns = [
    path("marketing/", audiences.marketing, name="marketing"),
    path("marketing/audiences/new/", audiences.new, name="new"),
    path(AUDIENCE, audiences.audience, name="audience"),
    path(f"{AUDIENCE}owner/", audiences.owner, name="owner"),
    path(f"{AUDIENCE}take-off/", audiences.take_off, name="take_off"),
    path(f"{AUDIENCE}delete/", audiences.delete, name="delete"),
    path("criteria/check/", audiences.check, name="check"),
    path("customers/views/", saved.views, name="views"),
    path(VIEW, saved.view, name="view"),
    path(f"{VIEW}delete/", saved.delete_view, name="delete_view"),
]
