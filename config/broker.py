"""The doorbell's wire: Celery's broker is a folder of the installation, or Redis where ``REDIS_URL`` names one.

The database holds the work; a lost message costs at most a minute (RELIABILITY 0.1, 1).
"""

import logging
from pathlib import Path
from queue import Empty

from django.core.exceptions import ImproperlyConfigured
from kombu.exceptions import ChannelError
from kombu.transport import filesystem

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.2
PATIENCE_SECONDS = 2.0
REDELIVERY_SECONDS = 600
LOOKS = 100  # at files of the queue, before the next poll goes on
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
    return None if redis_url else "config.broker:FolderTransport"


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


class FolderChannel(filesystem.Channel):
    """Messages in a folder; a file that is none is dropped and told, and stops nobody (RELIABILITY, F18)."""

    def _get(self, queue):
        """Return the oldest message that can be read."""
        for _attempt in range(LOOKS):
            try:
                return super()._get(queue)
            except (ValueError, ChannelError) as problem:
                logger.warning("a file in the queue is no message and was dropped: %s", problem)
        raise Empty

    def get_table(self, exchange):
        """Return the bindings of the exchange; a file of them that cannot be read is as good as none."""
        try:
            return super().get_table(exchange)
        except (ValueError, TypeError):
            return []

    def _queue_bind(self, exchange, routing_key, pattern, queue):
        """Write a binding down, over a file of them that a full disk or a crash left in pieces."""
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except (ValueError, TypeError):
            self._exchange_file(exchange).unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key, pattern, queue)


class FolderTransport(filesystem.Transport):
    """Kombu's folder with our channel."""

    Channel = FolderChannel
