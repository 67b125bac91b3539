"""The doorbell's wire: Celery's broker is a folder of the installation, or Redis where ``REDIS_URL`` names one.

The database holds the work; a lost message costs at most a minute (RELIABILITY 0.1, 1).
"""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 2.0
REDELIVERY_SECONDS = 600
SCHEMES = ("redis://", "rediss://", "unix://")


def address(redis_url: str) -> str:
    """Return the broker address for Celery; a socket (``unix:///dir/socket?db=1``) is spelled as kombu wants it."""
    if not redis_url:
        return "filesystem://localhost//"
    if not redis_url.startswith(SCHEMES):
        raise ImproperlyConfigured(f"REDIS_URL={redis_url!r} begins with none of {', '.join(SCHEMES)}.")
    if redis_url.startswith("unix://"):
        return redis_url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=")
    return redis_url


def transport(redis_url: str) -> str | None:
    """Return the class that carries the messages where it is not the one of the address."""
    return None if redis_url else "config.folder_queue:FolderTransport"


def options(redis_url: str, folder: Path) -> dict:
    """Return the transport options: folders only this account reads, or bounded waits for Redis (F11, F14)."""
    if redis_url:
        return {
            "visibility_timeout": REDELIVERY_SECONDS,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": PATIENCE_SECONDS,
            "socket_timeout": PATIENCE_SECONDS * 2,
            "socket_keepalive": True,
            "health_check_interval": 15,
            "max_retries": 1,
            "interval_start": 0,
            "interval_max": PATIENCE_SECONDS,
        }
    messages, control = folder / "messages", folder / "control"
    for part in (folder, messages, control):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": POLL_SECONDS,
    }
