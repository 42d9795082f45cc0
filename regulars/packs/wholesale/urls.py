"""Where the pack's pages are."""

from django.urls import path

from . import views

app_name = "wholesale"
urlpatterns = [
    path("settings/seasons/", views.seasons, name="seasons"),
    path("settings/seasons/selling/", views.selling, name="selling"),
    path("settings/seasons/<int:pk>/", views.season, name="season"),
    path("settings/seasons/<int:pk>/move/", views.move, name="move_season"),
    path("settings/seasons/<int:pk>/remove/", views.remove, name="remove_season"),
]
