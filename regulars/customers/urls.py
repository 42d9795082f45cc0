"""The pages of the customers room: settings of the record."""

from django.urls import path

from .views import fields, lists, note_types, ownership

app_name = "customers"

urlpatterns = [
    path("settings/fields/", fields.fields, name="fields"),
    path("settings/fields/new/", fields.new_field, name="new_field"),
    path("settings/fields/<int:pk>/", fields.field, name="field"),
    path("settings/fields/<int:pk>/move/", fields.move, name="move_field"),
    path("settings/fields/<int:pk>/archive/", fields.archive, name="archive_field"),
    path("settings/people/<int:pk>/customers/", ownership.hand_over, name="hand_over"),
    path("settings/notes/", note_types.note_types, name="note_types"),
    path("settings/notes/<int:pk>/", note_types.note_type, name="note_type"),
    path("settings/notes/<int:pk>/move/", note_types.move_note_type, name="move_note_type"),
    path("settings/notes/<int:pk>/remove/", note_types.remove_note_type, name="remove_note_type"),
    path(
        "settings/notes/<int:pk>/restore/", note_types.restore_note_type, name="restore_note_type"
    ),
    path("settings/tags/", lists.tags, name="tags"),
    path("settings/tags/<int:pk>/", lists.tag, name="tag"),
    path("settings/tags/<int:pk>/merge/", lists.merge_tag, name="merge_tag"),
    path("settings/tags/<int:pk>/delete/", lists.delete_tag, name="delete_tag"),
    path("settings/lists/", lists.lists, name="lists"),
    path("settings/lists/<slug:kind>/", lists.new_entry, name="new_entry"),
    path("settings/lists/<slug:kind>/<int:pk>/", lists.entry, name="entry"),
    path("settings/lists/<slug:kind>/<int:pk>/remove/", lists.remove_entry, name="remove_entry"),
    path("settings/lists/groups/<int:pk>/default/", lists.default_group, name="default_group"),
    path("customers/<uuid:public_id>/custom/", fields.custom, name="custom"),
]
