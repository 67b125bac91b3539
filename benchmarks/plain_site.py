"""The plain page of `benchmarks.plain` for a real server: Django's usual middleware and nothing of ours."""

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

django.setup()

from benchmarks.plain import MIDDLEWARE  # noqa: E402  it needs the apps

settings.MIDDLEWARE = MIDDLEWARE
settings.ROOT_URLCONF = "benchmarks.plain"
application = get_wsgi_application()
