"""Users, teams, stores and what each role may see and do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from regulars.lib import names

from .functions import Level, functions

__all__ = ["Level", "Photo", "Role", "Sees", "SignInTries", "Store", "Team", "User", "Users"]

ONLINE_FOR = timedelta(minutes=2)


class Store(models.Model):
    """A place of business; its people and customers belong to it."""

    name = models.CharField(max_length=100, unique=True)
    time_zone = models.CharField(max_length=60, default="America/Detroit")
    country = models.CharField(max_length=2, default="US")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People of one store who share their customers."""

    name = models.CharField(max_length=100)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["store", "name"],
                name="team_name_once_per_store",
                violation_error_message="This store already has a team of that name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Sees(models.TextChoices):
    TEAM = "team", "Own, unassigned and team customers"
    STORE = "store", "The store's customers"
    ALL = "all", "All customers"


class Role(models.Model):
    """A kind of colleague: which customers they see, and per function Hidden, View or Edit.

    `rights` is the role's row of the matrix, function key to level; it lives on the role so that
    a signed-in person and all they may do arrive in one statement.
    """

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    sees = models.CharField(max_length=10, choices=Sees.choices, default=Sees.TEAM)
    rights = models.JSONField(default=dict, blank=True)
    # Criteria that what they see must fit, as `staff.limits.Limit` keeps them.
    within = models.CharField(max_length=1000, blank=True)
    within_known = models.JSONField(default=dict, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def level(self, function: str) -> Level:
        """What this role may do with a function; `KeyError` when no room offers it."""
        offered = functions[function]
        chosen = self.rights.get(function, offered.defaults.get(self.key, Level.HIDDEN))
        return Level(chosen)

    @property
    def sees_everybody(self) -> bool:
        return self.sees == Sees.ALL and not self.within

    def sees_as_far_as(self, sees: str) -> bool:
        reach = list(Sees.values)
        return reach.index(self.sees) >= reach.index(sees)

    def covers(self, other: Role) -> bool:
        """Whether nothing in `other` goes beyond this role: who has this may give that."""
        if self.within not in ("", other.within) or not self.sees_as_far_as(other.sees):
            return False
        return all(self.level(function.key) >= other.level(function.key) for function in functions)


class Users(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **facts: Any) -> User:
        """A colleague; without a password they cannot sign in until they set one."""
        user = self.model(email=email.strip().lower() if email else None, **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A colleague; without an email they own customers but cannot sign in."""

    email = models.EmailField(
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": "A colleague already has this email."},
    )
    name = models.CharField(max_length=150)
    title = models.CharField(max_length=100, blank=True)
    phone = models.CharField(max_length=60, blank=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="users")
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    store = models.ForeignKey(
        Store, on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    external_id = models.CharField(max_length=100, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=300, blank=True)
    photo_at = models.DateTimeField(null=True, blank=True)
    single_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects: ClassVar[Users] = Users()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~models.Q(external_id=""),
                name="staff_external_id_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return names.initials(self.name)

    @property
    def photo_url(self) -> str:
        """Where the photo is; "" without one. A new photo has a new address."""
        return f"/staff/{self.pk}/photo/{self.photo_at.timestamp():.0f}/" if self.photo_at else ""

    def is_online(self, now: datetime) -> bool:
        return self.last_seen_at is not None and now - self.last_seen_at <= ONLINE_FOR

    def level(self, function: str) -> Level:
        """What this colleague may do with a function; a disabled one nothing."""
        return self.role.level(function) if self.is_active else Level.HIDDEN

    def may(self, function: str, level: Level = Level.VIEW) -> bool:
        return self.level(function) >= level


class Photo(models.Model):
    """A colleague's face, made small; apart, so that no list of colleagues carries it."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="photo")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"photo of {self.user_id}"


class SignInTries(models.Model):
    """Tries at a password from one address, at one account, or at it from a known device."""

    key = models.CharField(max_length=100, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
