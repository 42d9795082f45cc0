"""The addresses of files out."""

from django.urls import path

from . import views

app_name = "exports"

urlpatterns = [
    path("customers/export/", views.customers, name="customers"),
    path("customers/<uuid:public_id>/export/", views.customer, name="customer"),
]
