"""The plain page of `benchmarks.plain` for a real server: Django's usual middleware and nothing of ours."""

from importlib import import_module

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

django.setup()

settings.MIDDLEWARE = import_module("benchmarks.plain").MIDDLEWARE
settings.ROOT_URLCONF = "benchmarks.plain"
application = get_wsgi_application()
