"""One measurement in a process of its own: migrate the database that the environment names, measure, print JSON."""

import importlib
import json
import sys

import django
from django.core.management import call_command


def main() -> None:
    module, sizes = sys.argv[1], json.loads(sys.argv[2])
    django.setup()
    call_command("migrate", verbosity=0)
    figures = importlib.import_module(module).measure(sizes)
    print(json.dumps([figure.as_dict() for figure in figures]))


if __name__ == "__main__":
    main()
