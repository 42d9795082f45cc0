"""`regulars token EMAIL`: a new API token, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regulars.staff.models import User
from regulars.wire import tokens


class Command(BaseCommand):
    help = "Print a new API token that acts as a colleague; it is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the colleague the token acts as")
        parser.add_argument("--name", default="Command line", help="what it is for")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"No active colleague has the email {email}. Check the spelling.")
        _, secret = tokens.issue(user, name=name, by=None)
        self.stdout.write(secret)
