"""The addresses of files out."""

from django.urls import path

from . import views

app_name = "exports"

urlpatterns = [path("customers/export/", views.customers, name="customers")]
