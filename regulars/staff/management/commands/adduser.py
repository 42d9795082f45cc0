"""`regulars adduser EMAIL --name NAME`: the first administrator of a fresh installation."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from regulars.lib.errors import Invalid, in_words
from regulars.staff import actions
from regulars.staff.models import Role, User
from regulars.staff.sign_in import links


class Command(BaseCommand):
    help = "Add a colleague; prints a link to set a password, or reads one from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="the colleague's full name (default: from the email)")
        parser.add_argument("--role", default="administrator", help="the key of a role")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(
        self,
        *args: Any,
        email: str,
        name: str | None,
        role: str,
        password_stdin: bool,
        **options: Any,
    ) -> None:
        email = email.strip().lower()
        chosen = Role.objects.filter(key=role).first()
        if chosen is None:
            known = ", ".join(Role.objects.values_list("key", flat=True))
            raise CommandError(f"There is no role “{role}”. Choose one of: {known}.")
        name = name or email.partition("@")[0].replace(".", " ").title()
        password = sys.stdin.readline().rstrip("\n") if password_stdin else None
        try:
            validate_email(email)
            if password is not None:
                validate_password(password, User(email=email, name=name))
            user = actions.add_person(name, email=email, role=chosen, password=password, by=None)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        except Invalid as no:
            raise CommandError(in_words(no)) from no
        self.stdout.write(f"{user.name} is added as {chosen.name}.")
        if password is None:
            self.stdout.write("Open this link within three days to set the password:")
            self.stdout.write(links.set_password_url(user))
