"""How the program speaks to its database: what each engine needs to be safe, and how long anything may wait for it."""

import environ
from django.core.exceptions import ImproperlyConfigured

# A database host that vanishes without a word is noticed in half a minute, not in two hours.
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 4, "tcp_user_timeout": 30_000}
PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
    "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY"
)


def connection(url: str, *, statement_seconds: int) -> dict:
    """Return Django's settings for the database at `url` (RELIABILITY 0.1, F50).

    `statement_seconds` bounds every statement of this process on PostgreSQL, 0 leaves them unbounded; a process with a
    bound serves people, and waits less for locks too. Raises ImproperlyConfigured for an engine that is not supported.
    """
    found = environ.Env.db_url_config(url)
    if found["ENGINE"].endswith("sqlite3"):
        # Kept open, the file has its log and index beside it: on a full disk none could be made to read by (F53).
        kept: dict[str, int | bool | None] = {"CONN_MAX_AGE": None}
        options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS}
    elif found["ENGINE"].endswith("postgresql"):
        kept = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        options = {"connect_timeout": 2, "options": _limits(statement_seconds), **KEEPALIVE}
    else:
        raise ImproperlyConfigured(f"DATABASE_URL={url!r}: only sqlite:///… and postgres://… are supported.")
    return found | kept | {"OPTIONS": found.get("OPTIONS", {}) | options}


def _limits(statement_seconds: int) -> str:
    limits = {
        "lock_timeout": "5s" if statement_seconds else "15s",
        "idle_in_transaction_session_timeout": "60s",
        "statement_timeout": f"{statement_seconds}s",
    }
    return " ".join(f"-c {name}={value}" for name, value in limits.items())
