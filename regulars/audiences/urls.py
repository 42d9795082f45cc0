"""The addresses of audiences and views, mounted at the root."""

from django.urls import path

from . import views

app_name = "audiences"

urlpatterns = [
    path("marketing/", views.marketing, name="marketing"),
    path("marketing/audiences/new/", views.new, name="new"),
    path("marketing/audiences/<uuid:public_id>/", views.audience, name="audience"),
    path("marketing/audiences/<uuid:public_id>/delete/", views.delete, name="delete"),
    path("criteria/check/", views.check, name="check"),
    path("customers/views/", views.save_view, name="save_view"),
    path("customers/views/<uuid:public_id>/delete/", views.delete_view, name="delete_view"),
]
