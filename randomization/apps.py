from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils import translation


class RandomizationConfig(AppConfig):
    name = "randomization"

    def ready(self) -> None:
        from cases.extension_points import add_draw_lookup
        from jobfirst.backup.extension_points import add_backup_facts
        from jobfirst.extension_points import add_permissions, add_to_menu
        from randomization import navigation, policy
        from randomization.draw.queue import drawn_among
        from randomization.draw.shares import ShareError, check_apart
        from randomization.ledger.export import ledger_head

        try:
            with translation.override("en"):
                check_apart()
        except ShareError as error:
            raise ImproperlyConfigured(str(error)) from error
        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_draw_lookup(drawn_among)
        add_backup_facts("ledger", ledger_head)
