"""Where the tailor's page is."""

from django.urls import path

from . import views

app_name = "tailor"
urlpatterns = [path("tailor/", views.suits, name="suits")]
