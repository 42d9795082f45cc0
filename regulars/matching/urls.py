"""The pages of the matching room: the clean-up."""

from django.urls import path

from . import views

app_name = "matching"
TOGETHER = "customers/duplicates/together/<uuid:public_id>/"

urlpatterns = [
    path("customers/duplicates/", views.clean_up, name="clean_up"),
    path("customers/duplicates/<int:pk>/", views.decide, name="decide"),
    path("customers/duplicates/several/", views.decide_cluster, name="decide_cluster"),
    path("customers/duplicates/decided/", views.decided, name="decided"),
    path("customers/duplicates/certain/", views.certain, name="certain"),
    path(TOGETHER, views.batch, name="batch"),
    path(f"{TOGETHER}undo/", views.undo_batch, name="undo_batch"),
    path("customers/duplicates/look/", views.look, name="look"),
    path("customers/duplicates/verdicts/<int:pk>/undo/", views.undo, name="undo"),
]
