"""The queue in a folder, for an installation without Redis; only processes that carry messages load it."""

import logging
from queue import Empty

from kombu.exceptions import ChannelError
from kombu.transport import filesystem

logger = logging.getLogger(__name__)
LOOKS = 100  # at files of the queue, before the next poll goes on


def whole(message: object) -> dict:
    """Return the message if it has what Kombu relies on; raises ValueError where it has not."""
    if isinstance(message, dict) and "body" in message and isinstance(message.get("properties"), dict):
        delivery = message["properties"].get("delivery_info")
        if isinstance(delivery, dict) and "delivery_tag" in message["properties"]:
            return message
    raise ValueError("it has no body or no delivery")


class FolderChannel(filesystem.Channel):
    """Messages in a folder; a file that is none is dropped and told, and stops nobody (RELIABILITY, F18)."""

    def _get(self, queue):
        """Return the oldest message that can be read."""
        for _attempt in range(LOOKS):
            try:
                return whole(super()._get(queue))
            except (ValueError, ChannelError) as problem:
                logger.warning("a file in the queue is no message and was dropped: %s", problem)
        raise Empty

    def get_table(self, exchange):
        """Return the bindings of the exchange; where their file is spoilt or gone, the one that Celery makes."""
        try:
            found = super().get_table(exchange)
        except (ValueError, TypeError):
            found = []
        return found or [filesystem.exchange_queue_t(exchange, "", exchange)]

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
