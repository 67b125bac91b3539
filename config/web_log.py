"""The web server's own records, written as all others are."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from config.logs import web_server_format


class WebLogger(Logger):
    """Gunicorn's logger with the format of the program."""

    def _set_handler(self, log: logging.Logger, output: str, fmt: logging.Formatter, stream: Any = None) -> None:
        del fmt
        super()._set_handler(log, output, web_server_format(), stream)
