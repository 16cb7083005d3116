from django.apps import AppConfig


class RandomizationConfig(AppConfig):
    name = "randomization"

    def ready(self) -> None:
        from cases.extension_points import add_draw_lookup
        from jobfirst.backup.extension_points import add_backup_facts
        from jobfirst.extension_points import add_permissions, add_to_menu
        from randomization import navigation, policy
        from randomization.draw.queue import drawn_among
        from randomization.ledger.export import ledger_head

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_draw_lookup(drawn_among)
        add_backup_facts("ledger", ledger_head)
