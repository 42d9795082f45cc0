"""What the server calls: the live stream without threads, every page through Django in one."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.settings")

from django.core.wsgi import get_wsgi_application

from regulars.server import database
from regulars.server.composite import composite

pages = get_wsgi_application()
database.limit_statements()
application = composite(pages)
