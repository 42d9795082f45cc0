"""The pages of the customers room: settings of the record."""

from django.urls import path

from .views import fields

app_name = "customers"

urlpatterns = [
    path("settings/fields/", fields.fields, name="fields"),
    path("settings/fields/new/", fields.new_field, name="new_field"),
    path("settings/fields/<int:pk>/", fields.field, name="field"),
    path("settings/fields/<int:pk>/move/", fields.move, name="move_field"),
    path("settings/fields/<int:pk>/archive/", fields.archive, name="archive_field"),
    path("customers/<uuid:public_id>/custom/", fields.custom, name="custom"),
]
