"""The addresses of tasks, mounted at the root."""

from django.urls import path

from . import views

app_name = "follow_up"

TASK = "tasks/<int:pk>/"

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/new/", views.new, name="new"),
    path(TASK, views.task, name="task"),
    path(f"{TASK}done/", views.done, name="done"),
    path(f"{TASK}reopen/", views.reopen, name="reopen"),
    path(f"{TASK}archive/", views.archive, name="archive"),
    path(f"{TASK}restore/", views.restore, name="restore"),
]
