from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "rights"

    def ready(self) -> None:
        from jobfirst.extension_points import add_permissions, add_to_menu
        from rights import navigation, policy

        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
