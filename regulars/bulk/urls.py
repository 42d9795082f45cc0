"""The pages of the bulk room, mounted at the root."""

from django.urls import path

from . import views

app_name = "bulk"

urlpatterns = [
    path("settings/changes/", views.receipts, name="receipts"),
    path("bulk/", views.begin, name="begin"),
    path("bulk/<uuid:public_id>/", views.receipt, name="receipt"),
    path("bulk/<uuid:public_id>/start/", views.start, name="start"),
    path("bulk/<uuid:public_id>/stop/", views.stop, name="stop"),
    path("bulk/<uuid:public_id>/undo/", views.undo, name="undo"),
    path("bulk/<uuid:public_id>/discard/", views.discard, name="discard"),
]
