"""Users, teams, stores and what each role may see and do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from regulars.lib import names

ONLINE_FOR = timedelta(minutes=2)


class Store(models.Model):
    """A place of business; its people and customers belong to it."""

    name = models.CharField(max_length=100, unique=True)
    time_zone = models.CharField(max_length=60, default="America/Detroit")
    country = models.CharField(max_length=2, default="US")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People of one store who share their customers."""

    name = models.CharField(max_length=100)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["store", "name"], name="team_name_once_per_store")
        ]

    def __str__(self) -> str:
        return self.name


class Sees(models.TextChoices):
    TEAM = "team", "Own, unassigned and team customers"
    STORE = "store", "The store's customers"
    ALL = "all", "All customers"


class Role(models.Model):
    """A kind of colleague: which customers they see, and per function Hidden, View or Edit."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    sees = models.CharField(max_length=10, choices=Sees.choices, default=Sees.TEAM)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Level(models.IntegerChoices):
    HIDDEN = 0, "Hidden"
    VIEW = 1, "View"
    EDIT = 2, "Edit"


class Right(models.Model):
    """One cell of the rights matrix; a missing cell means Hidden."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="rights")
    function = models.CharField(max_length=40)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.HIDDEN)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "function"], name="one_right_per_function")
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.function} {self.get_level_display()}"


class Users(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **facts: Any) -> User:
        user = self.model(email=email.strip().lower() if email else None, **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A colleague; without an email they own customers but cannot sign in."""

    email = models.EmailField(unique=True, null=True, blank=True)
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
            models.UniqueConstraint(Lower("email"), name="email_once"),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~models.Q(external_id=""),
                name="staff_external_id_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["team"], name="user_team")]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        return names.initials(self.name)

    def is_online(self, now: datetime) -> bool:
        return self.last_seen_at is not None and now - self.last_seen_at <= ONLINE_FOR
