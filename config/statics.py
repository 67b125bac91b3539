"""What the static files say of themselves beyond their kind."""

WORKER = "/offline-worker.js"


def add_headers(headers, _path: str, url: str) -> None:
    """Let the offline worker look after the whole site, and be looked for anew at each visit."""
    if url.endswith(WORKER):
        headers["Service-Worker-Allowed"] = "/"
        headers["Cache-Control"] = "no-cache"
