from typing import Any

from django.apps import AppConfig


def vacate_functions(
    sender: Any, *, user: Any, project: Any, role: Any, today: Any, remind: bool, **more: Any
):
    """Whoever leaves a role leaves the functions held in it."""
    from cases.actions.functions import vacate

    vacate(user, today, project=project, role=role, remind=remind)


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from accounts.signals import left

        left.connect(vacate_functions, dispatch_uid="cases.vacate_functions")
