"""Who is asking: the user with role, team and store in one statement."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from regulars.staff.models import User

# Whose customers a salesperson sees is asked on every page, so it comes with the person.
TEAM = ArraySubquery(User.objects.filter(team=OuterRef("team")).values("pk"))


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """A disabled colleague is nobody from the next request on, whatever their session says."""

    def get_user(self, user_id: Any) -> User | None:
        return (
            User.objects.filter(pk=user_id, is_active=True)
            .select_related("role", "team", "store")
            .annotate(team_ids=TEAM)
            .first()
        )
