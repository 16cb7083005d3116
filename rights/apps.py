from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "rights"

    def ready(self) -> None:
        from jobfirst.backup.extension_points import guard_unmuting, listen_to_restores
        from jobfirst.extension_points import add_permissions, add_to_menu
        from rights import navigation, policy
        from rights.erasure import replay

        guard_unmuting(replay.objection)
        listen_to_restores(replay.replay)
        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
