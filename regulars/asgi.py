"""For an ASGI server of your own; `regulars serve` brings one along."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")

from regulars.server.composite import shipped

application = shipped()
