"""Django admin whose pages are loaded with the pages of the site, not with every process.

They were half of what the start of a command, the worker or `manage.py up` took. The table of contents of the site
(`config.urls`) looks for them; so do Django's checks.
"""

from typing import Any

from django.contrib.admin import autodiscover
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class LateAdminConfig(SimpleAdminConfig):
    """Admin that is not looked for when Django is set up."""

    def ready(self) -> None:
        """Register the checks of Django's own configuration."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_all_pages, checks.Tags.admin)


def check_all_pages(app_configs: Any, **options: Any) -> list[checks.CheckMessage]:
    """Load the pages, then let Django check them."""
    autodiscover()
    return list(check_admin_app(app_configs, **options))
