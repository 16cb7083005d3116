from django.apps import AppConfig


class RandomizationConfig(AppConfig):
    name = "randomization"

    def ready(self) -> None:
        from jobfirst.extension_points import add_permissions, add_to_menu
        from randomization import navigation, policy

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
