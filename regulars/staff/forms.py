"""What people type into the settings and sign-in pages; reads and checks, never saves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from allauth.account.forms import LoginForm
from django import forms
from django.db.models import Model

from regulars.lib import countries, names

from . import time_zones
from .functions import Level, functions
from .models import Role, Sees, Store, Team, User


class SignInForm(LoginForm):  # type: ignore[misc]
    """Fields `login` and `password`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.widget.attrs["autocomplete"] = "Email", "username webauthn"
        login.error_messages["required"] = "Type your email."
        password.error_messages["required"] = "Type your password."
        password.help_text = ""
        for field in (login, password):
            field.widget.attrs.pop("placeholder", None)
        login.widget.attrs["autofocus"] = True


class NameField(forms.CharField):
    """A name that is still one after cleaning."""

    def to_python(self, value: Any) -> str:
        return names.clean(super().to_python(value) or "")


class CountryField(forms.CharField):
    """A country by its English name or its code; `suggested` completes what is typed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label="Country", max_length=countries.LONGEST, **options)
        self.suggested = countries.offered()

    def prepare_value(self, value: Any) -> Any:
        return countries.shown(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        try:
            return countries.read(super().to_python(value) or "")
        except ValueError as no:
            raise forms.ValidationError(f"{no}.") from None


def zone_field(first: str = "", **options: Any) -> forms.ChoiceField:
    choices = [("", first)] if first else []
    return forms.ChoiceField(
        label="Time zone", choices=lambda: [*choices, *time_zones.choices()], **options
    )


def pick(form: forms.Form, name: str) -> PickField:
    return cast(PickField, form.fields[name])


class ProfileForm(forms.Form):
    name = NameField(label="Name", max_length=150)
    time_zone = zone_field("The store's", required=False)
    hours = forms.CharField(
        label="Working hours",
        max_length=200,
        required=False,
        help_text="Such as Mon–Fri 9–18, Sat 10–14. Colleagues see them when they hand over.",
    )
    single_keys = forms.BooleanField(
        label="Single keys work (j, k, r, c, t, m, n)",
        required=False,
        help_text="They wait while you type, and can be switched off here.",
    )


class PhotoForm(forms.Form):
    photo = forms.FileField(label="Photo", help_text="JPEG, PNG or WebP; its middle is taken.")


class PickField(forms.TypedChoiceField):
    """One of some rows, loaded before the page is drawn: no query starts in a template.

    `empty` is what choosing none of them is called; with `ask` nothing is chosen until somebody
    does, `empty` too.
    """

    def __init__(self, *, empty: str = "", ask: str = "", **options: Any) -> None:
        super().__init__(required=bool(ask) or not empty, empty_value=None, **options)
        self.empty, self.ask = empty, ask

    def offer(self, rows: Iterable[Any], said: Callable[[Any], str] = str) -> None:
        known = {str(row.pk): row for row in rows}
        offered = [(key, said(row)) for key, row in known.items()]
        if self.ask:
            nobody = [("none", self.empty)] if self.empty else []
            self.choices = [("", self.ask), *offered, *nobody]
        else:
            self.choices = [*([("", self.empty)] if self.empty else []), *offered]
        self.coerce = {**known, "none": None}.__getitem__

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Model) else value


class PersonForm(forms.Form):
    """A colleague as an administrator sees them."""

    name = NameField(label="Name", max_length=150)
    email = forms.EmailField(
        label="Email",
        required=False,
        help_text="They sign in with it. Without one they can own customers but not sign in.",
    )
    title = NameField(label="Title", max_length=100, required=False)
    phone = NameField(label="Phone", max_length=60, required=False)
    role = PickField(label="Role", ask="Choose a role")
    team = PickField(label="Team", empty="No team")
    store = PickField(
        label="Store", empty="No store", help_text="With a team, it is the team's store."
    )

    def __init__(self, *args: Any, by: User, person: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        teams = Team.objects.select_related("store").order_by("store__name", "name")
        pick(self, "role").offer(role for role in Role.objects.all() if by.role.covers(role))
        pick(self, "team").offer(teams, lambda team: f"{team.name} · {team.store.name}")
        pick(self, "store").offer(Store.objects.all())

    def clean_email(self) -> str | None:
        """Taken emails are named here; the database has the last word."""
        email = str(self.cleaned_data["email"]).lower() or None
        taken = User.objects.filter(email=email).exclude(pk=self.person.pk if self.person else 0)
        if email and taken.exists():
            raise forms.ValidationError("A colleague already has this email.")
        return email


class StoreForm(forms.Form):
    name = NameField(label="Name", max_length=100)
    time_zone = zone_field(initial="America/Detroit")
    country = CountryField(initial="US", help_text="Phone numbers without a country are read so.")


class TeamForm(forms.Form):
    name = NameField(label="Name", max_length=100)


class NewTeamForm(TeamForm):
    store = PickField(label="Store")

    def __init__(self, *args: Any, stores: Iterable[Store], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pick(self, "store").offer(stores)


SIGHTS = [
    (Sees.TEAM.value, "Own and team's"),
    (Sees.STORE.value, "The store's"),
    (Sees.ALL.value, "All"),
]


class RightsForm(forms.Form):
    """The whole matrix: a radio per role and function, and what each role sees."""

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles = roles
        for role in roles:
            self.fields[f"sees.{role.key}"] = forms.ChoiceField(
                label=f"{role.name} sees", choices=SIGHTS, initial=role.sees
            )
            self.fields[f"within.{role.key}"] = forms.CharField(
                label=f"{role.name} sees only those who fit",
                max_length=1000,
                required=False,
                initial=role.within,
            )
            for function in functions:
                self.fields[f"{role.key}.{function.key}"] = forms.TypedChoiceField(
                    label=f"{role.name}: {function.label}",
                    choices=Level.choices,
                    coerce=lambda value: Level(int(value)),
                    initial=role.level(function.key),
                    widget=forms.RadioSelect,
                )

    def levels(self) -> list[tuple[Role, str, Level]]:
        """Every cell as chosen."""
        return [
            (role, function.key, self.cleaned_data[f"{role.key}.{function.key}"])
            for role in self.roles
            for function in functions
        ]

    def within(self) -> list[tuple[Role, str]]:
        """Limits as typed; one that was not sent stays as it is."""
        sent = [(role, f"within.{role.key}") for role in self.roles]
        return [(role, self.cleaned_data[name]) for role, name in sent if name in self.data]

    def sights(self) -> list[tuple[Role, Sees]]:
        return [(role, Sees(self.cleaned_data[f"sees.{role.key}"])) for role in self.roles]
