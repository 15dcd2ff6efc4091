"""viewflow in a process of its own: sets Django up, then lets `viewflow_cases` take cases to their end."""

import json
import sys
from importlib import import_module

import django
from django.conf import settings

PACKAGE = __name__.rpartition(".")[0]


def main() -> None:
    """Serve lines; the arguments are the database, as JSON of Django's settings, and the number of steps."""
    settings.configure(
        DATABASES={"default": json.loads(sys.argv[1])},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            PACKAGE,
        ],
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()
    import_module(f"{PACKAGE}.viewflow_cases").serve(int(sys.argv[2]))  # models wait for the settings
