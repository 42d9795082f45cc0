"""`regulars doctor`: is everything well, and if not, what to do."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from regulars.server import condition


class Command(BaseCommand):
    help = "Looks at everything Regulars needs; each line is ok, or says what to do."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        well = True
        for finding in condition.everything():
            well = well and finding.ok
            mark = "ok  " if finding.ok else "MEND"
            self.stdout.write(f"{mark}  {finding.name}: {finding.words}")
        sys.exit(0 if well else 1)
