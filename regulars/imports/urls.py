"""The pages of the imports room, mounted at the root."""

from django.urls import path

from . import views

app_name = "imports"

urlpatterns = [
    path("settings/imports/", views.imports, name="list"),
    path("settings/imports/<uuid:public_id>/", views.one_import, name="import"),
    path("settings/imports/<uuid:public_id>/stop/", views.stop, name="stop"),
    path("settings/imports/<uuid:public_id>/undo/", views.undo, name="undo"),
    path("settings/imports/<uuid:public_id>/forgetting/", views.forget, name="forget"),
    path("settings/imports/<uuid:public_id>/rejected.csv", views.rejects, name="rejects"),
]
