from django.apps import AppConfig


class RandomizationConfig(AppConfig):
    name = "randomization"

    def ready(self) -> None:
        from cases.extension_points import add_draw_lookup
        from jobfirst.extension_points import add_permissions, add_to_menu
        from randomization import navigation, policy
        from randomization.draw.queue import drawn_among

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        add_draw_lookup(drawn_among)
