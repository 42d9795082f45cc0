"""Prints the API's description: with `REGULARS_PACKS=` the one kept in `tests/openapi.json`."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Print the OpenAPI 3.1 description of the API."

    def handle(self, *args: Any, **options: Any) -> None:
        api = import_string("regulars.api.api")
        self.stdout.write(json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False))
