#!/usr/bin/env python
"""Every command: starts or joins the embedded services, brings their database up to date, runs."""

import os
import sys

# Commands before which migrations are not applied: they must work while a migration does not.
WITHOUT_MIGRATING = {
    "check",
    "collectstatic",
    "compilemessages",
    "makemessages",
    "makemigrations",
    "migrate",
    "showmigrations",
    "sqlmigrate",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        import devservices

        if command not in {"version", "--version"}:
            devservices.ensure()  # the settings, which even the help loads, need the services' addresses
            if command not in WITHOUT_MIGRATING and not {"help", "--help", "-h"} & set(sys.argv):
                from devservices.upgrade import bring_up_to_date

                bring_up_to_date()
        from django.core.management import execute_from_command_line
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed: type `make setup`, then use .venv/bin/python")
    except devservices.ServiceError as error:
        sys.exit(f"{error}")
    except KeyboardInterrupt:
        devservices.leave()
        sys.exit(130)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
