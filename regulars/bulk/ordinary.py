"""The deeds of the record itself: owner, tags, group, category, archive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from regulars.customers import actions
from regulars.customers.models import Category, Group, Tag, Tagging
from regulars.lib import names
from regulars.lib.errors import Invalid
from regulars.staff import queries as staff
from regulars.staff.models import User

from .deeds import Deed, Skip, Values, no_form

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

MOST = 500  # choices of one list
NOBODY = "nobody"
NONE = "none"

Choices = list[tuple[str, str]]


class ChoosingForm(forms.Form):
    """Keeps the name of each choice beside it, as `<field>_name`: what is said needs no look-up."""

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or self.cleaned_data)
        for key, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and key in said:
                said[f"{key}_name"] = dict(field.choices).get(said[key], "")  # type: ignore[arg-type]
        return said


def choice(label: str, choices: Choices, empty: str = "Choose…") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("", empty), *choices],
        error_messages={
            "required": "Choose one of the list",
            "invalid_choice": "Choose one of the list",
        },
    )


def rows(found: Any) -> Choices:
    return [(str(row.pk), row.name) for row in found[:MOST]]


def made(**fields: forms.Field) -> type[forms.Form]:
    return type("DeedForm", (ChoosingForm,), fields)


def reason() -> forms.CharField:
    return forms.CharField(
        label="Reason",
        max_length=500,
        required=False,
        help_text="Stands on every customer's timeline and in their ownership.",
    )


# --- Owner


def owner_form(user: User) -> type[forms.Form]:
    people = [(NOBODY, "Nobody: unassigned"), *rows(staff.colleagues(user))]
    return made(owner=choice("To", people), reason=reason())


def _owner(values: Values) -> User | None:
    if values["owner"] == NOBODY:
        return None
    found = User.objects.select_related("store").filter(pk=values["owner"]).first()
    if found is None:
        raise Invalid({"owner": "This colleague is no longer there"})
    return found


def _owner_said(values: Values) -> str:
    given_away = values["owner"] == NOBODY
    return "Take the owner off" if given_away else f"Reassign to {values['owner_name']}"


def _owner_skips(values: Values) -> Sequence[Skip]:
    if values["owner"] == NOBODY:
        return [Skip("Nobody's already", Q(owner=None))]
    return [Skip(f"{values['owner_name']}'s already", Q(owner=values["owner"]))]


def _owner_before(values: Values) -> Combinable:
    return Coalesce(F("owner__name"), Value("Unassigned"))


def _owner_after(values: Values) -> str:
    return "Unassigned" if values["owner"] == NOBODY else str(values["owner_name"])


REASSIGN = Deed(
    "reassign",
    "Reassign",
    "user-share",
    owner_form,
    _owner_said,
    lambda ids, values, by: actions.reassign_many(
        ids, to=_owner(values), by=by, reason=values.get("reason", "")
    ),
    function="ownership",
    skips=_owner_skips,
    before=_owner_before,
    after=_owner_after,
    order=10,
)


# --- Tags


class _TagForm(forms.Form):
    tag = forms.CharField(
        label="Tag",
        max_length=60,
        help_text="One that is there, or a new one.",
        error_messages={"required": "Name the tag"},
    )

    def clean_tag(self) -> str:
        cleaned = names.clean(self.cleaned_data["tag"])
        if not cleaned:
            raise forms.ValidationError("Name the tag")
        there = Tag.objects.filter(name__iexact=cleaned).first()
        return there.name if there else cleaned


def _tagged(values: Values) -> Q:
    there = Tagging.objects.filter(customer=OuterRef("pk"), tag__name__iexact=values["tag"])
    return Q(Exists(there))


def _untag_form(user: User) -> type[forms.Form]:
    return made(tag=choice("Tag", [(t.name, t.name) for t in Tag.objects.all()[:MOST]]))


def _untag(ids: Sequence[int], values: Values, by: User) -> list[int]:
    tag = Tag.objects.filter(name__iexact=values["tag"]).first()
    return actions.untag_many(ids, tag, by=by) if tag else []


def _with_tag(values: Values) -> Combinable:
    return Case(When(_tagged(values), then=Value(values["tag"])), default=Value(""))


TAG = Deed(
    "tag",
    "Tag",
    "tag",
    lambda user: _TagForm,
    lambda values: f"Add the tag “{values['tag']}”",
    lambda ids, values, by: actions.tag_many(ids, values["tag"], by=by),
    skips=lambda values: [Skip("Have the tag already", _tagged(values))],
    before=_with_tag,
    after=lambda values: str(values["tag"]),
    order=20,
)
UNTAG = Deed(
    "untag",
    "Untag",
    "x",
    _untag_form,
    lambda values: f"Take the tag “{values['tag']}” off",
    _untag,
    skips=lambda values: [Skip("Do not have the tag", ~_tagged(values))],
    before=_with_tag,
    order=30,
)


# --- Group and category


def _group(values: Values) -> Group:
    found = Group.objects.filter(pk=values["group"]).first()
    if found is None:
        raise Invalid({"group": "This group is no longer there"})
    return found


def _category(values: Values) -> Category | None:
    if values["category"] == NONE:
        return None
    found = Category.objects.filter(pk=values["category"]).first()
    if found is None:
        raise Invalid({"category": "This category is no longer there"})
    return found


def _category_form(user: User) -> type[forms.Form]:
    return made(category=choice("Category", [(NONE, "None"), *rows(Category.objects.all())]))


def _category_name(values: Values) -> str:
    return "" if values["category"] == NONE else str(values["category_name"])


def _categorised(values: Values) -> Q:
    return Q(category=None if values["category"] == NONE else values["category"])


GROUP = Deed(
    "group",
    "Group",
    "users-group",
    lambda user: made(group=choice("Group", rows(Group.objects.all()))),
    lambda values: f"Put into the group {values['group_name']}",
    lambda ids, values, by: actions.regroup_many(ids, to=_group(values), by=by),
    skips=lambda values: [Skip("In this group already", Q(group=values["group"]))],
    before=lambda values: Coalesce(F("group__name"), Value("")),
    after=lambda values: str(values["group_name"]),
    order=40,
)
CATEGORY = Deed(
    "category",
    "Category",
    "id",
    _category_form,
    lambda values: (
        f"Set the category {_category_name(values)}"
        if _category_name(values)
        else "Take the category off"
    ),
    lambda ids, values, by: actions.recategorise_many(ids, to=_category(values), by=by),
    skips=lambda values: [Skip("Have it already", _categorised(values))],
    before=lambda values: Coalesce(F("category__name"), Value("")),
    after=_category_name,
    order=45,
)


# --- Archive


def _archived(values: Values) -> Combinable:
    return Case(When(archived_at=None, then=Value("On the lists")), default=Value("Archived"))


ARCHIVE = Deed(
    "archive",
    "Archive",
    "archive",
    no_form,
    lambda values: "Archive",
    lambda ids, values, by: actions.archive_many(ids, by=by),
    skips=lambda values: [Skip("Archived already", Q(archived_at__isnull=False))],
    before=_archived,
    after=lambda values: "Archived",
    order=90,
)
RESTORE = Deed(
    "restore",
    "Bring back",
    "refresh",
    no_form,
    lambda values: "Bring back from the archive",
    lambda ids, values, by: actions.restore_many(ids, by=by),
    skips=lambda values: [Skip("Not archived", Q(archived_at=None))],
    before=_archived,
    after=lambda values: "On the lists",
    archived=True,
    order=90,
)
ORDINARY = (REASSIGN, TAG, UNTAG, GROUP, CATEGORY, ARCHIVE, RESTORE)
