"""Every key and word of reports, figures, consequences and the ledger has a name on the forms."""

import inspect
from types import ModuleType

import pytest

from config.packs import consequences, duties, measuring
from config.packs.base import Entry
from staff.admin.structure.shapes import shape_of
from staff.domain.pack_words import LABELS, value_words

OPERATORS = {">=", ">", "<=", "<", "==", "!="}  # signs that everybody reads


@pytest.mark.parametrize("module", [consequences, duties, measuring], ids=lambda module: module.__name__)
def test_no_key_and_no_word_is_shown_as_its_code(module: ModuleType):
    for name, schema in inspect.getmembers(module, inspect.isclass):
        if issubclass(schema, Entry) and schema.__module__ == module.__name__:
            for key, info in schema.model_fields.items():
                words = set(shape_of(info).words) - OPERATORS
                raw = [word for word, said in value_words(key, words) if word == said]
                assert not raw and {key, f"{name}.{key}"} & set(LABELS), (name, key, raw)
