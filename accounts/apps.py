from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts import navigation, policy, second_step, security_records, sittings
        from accounts.roles import Role
        from jobfirst.extension_points import add_permissions, add_to_menu, name_roles

        name_roles(Role.choices)
        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        security_records.connect()
        second_step.connect()
        sittings.connect()
