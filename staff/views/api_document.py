"""The OpenAPI document, written from the addresses themselves: what stands there is what is answered."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.decorators.http import require_safe
from pydantic.json_schema import models_json_schema

from config.version import VERSION
from staff.domain import api_clients
from staff.views.api_door import SCHEME, Operation, missing
from staff.views.watching import trusted

HOLE = re.compile(r"<(?:(\w+):)?(\w+)>")
TYPES = {"int": "integer"}
REFS = "#/components/schemas/{model}"
FAULTS = {
    "type": "object",
    "required": ["errors"],
    "properties": {
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "what", "where", "how"],
                "properties": {name: {"type": "string"} for name in ("code", "what", "where", "how")},
            },
        }
    },
}
KEY = {
    "name": "Idempotency-Key", "in": "header", "required": True,
    "schema": {"type": "string", "minLength": 8, "maxLength": 80},
}  # fmt: skip


def refuse_missing(_request: HttpRequest, **_keys: Any) -> JsonResponse:
    """Answer for an address below /api/ that does not exist."""
    return missing().response()


refuse_missing.csrf_exempt = True


@require_safe
def api_document(request: HttpRequest) -> JsonResponse:
    """Answer with the document, to callers on this machine and those with a token (DECISIONS 46)."""
    given = request.headers.get("Authorization", "").removeprefix(SCHEME)
    if not trusted(request) and api_clients.client_of(given, now=request.now) is None:
        raise Http404
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


def addresses(resolver: URLResolver | None = None, path: str = "/") -> Iterator[tuple[str, Mapping[str, Operation]]]:
    """Yield the addresses of the API with what each method does."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLPattern):
            if operations := getattr(entry.callback, "operations", None):
                yield here, operations
        elif entry.namespace != "admin":
            yield from addresses(entry, here)


def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    found = sorted(addresses())
    given = {one.gives for _path, operations in found for one in operations.values()}
    taken = {one.takes for _path, operations in found for one in operations.values() if one.takes}
    named = [(shape, "serialization") for shape in given] + [(shape, "validation") for shape in taken]
    _refs, schemas = models_json_schema(sorted(named, key=lambda pair: pair[0].__name__), ref_template=REFS)
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Huifang", "version": VERSION},
        "security": [{"token": []}],
        "paths": {
            HOLE.sub(r"{\2}", path): {
                "parameters": list(holes(path)),
                **{method.lower(): described(one, path, method) for method, one in operations.items()},
            }
            for path, operations in found
        },
        "components": {
            "securitySchemes": {"token": bearer},
            "schemas": {**schemas.get("$defs", {}), "Faults": FAULTS},
        },
    }


def holes(path: str) -> Iterator[dict[str, Any]]:
    """Yield the parts of an address that are filled in."""
    for kind, name in HOLE.findall(path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": TYPES.get(kind, "string")}}


def described(one: Operation, path: str, method: str) -> dict[str, Any]:
    """Return what the document says of one deed."""
    asked = one.asks.model_json_schema(ref_template=REFS)
    parameters = [
        {"name": name, "in": "query", "required": name in asked.get("required", ()), "schema": schema}
        for name, schema in asked.get("properties", {}).items()
    ]
    told: dict[str, Any] = {
        "operationId": f"{method.lower()}{re.sub(r'[^a-z]+', '_', path.removeprefix('/api/v1'))}".strip("_"),
        "summary": str(one.about),
        "description": f"{one.scope}",
        "parameters": parameters + ([KEY] if method == "POST" else []),
        "responses": {
            str(one.status): {"description": "", "content": {"application/json": {"schema": schema_of(one.gives)}}},
            "default": {
                "description": "",
                "content": {"application/json": {"schema": {"$ref": REFS.format(model="Faults")}}},
            },
        },
    }
    if one.file:
        raw = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        told["requestBody"] = {"required": True, "content": raw}
    if one.takes:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema_of(one.takes)}}}
    return told


def schema_of(shape: type) -> dict[str, str]:
    """Return what refers to a shape."""
    return {"$ref": REFS.format(model=shape.__name__)}
