"""The entry of the web server.

Everything a request needs is loaded before the server forks, so that its processes share it: half the memory, and no
first visitor who waits.
"""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# A page that keeps the database busy for longer than this helps nobody (RELIABILITY, F50); jobs may take their time.
os.environ.setdefault("STATEMENT_SECONDS", "30")

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018  asking for them loads every page
gc.collect()
gc.freeze()  # what the collector does not touch stays shared
