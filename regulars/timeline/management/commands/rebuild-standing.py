"""`regulars rebuild-standing`: work out anew, from the events, who waits and since when."""

from typing import Any

from django.core.management.base import BaseCommand

from regulars.timeline import actions
from regulars.ui import wording


class Command(BaseCommand):
    help = "Derives last activity, waiting and unread of every customer from the timeline."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = actions.rebuild_standing()
        if wrong:
            self.stdout.write(f"{wording.plural(wrong, 'customer')} put right.")
        else:
            self.stdout.write("Everything was right already.")
