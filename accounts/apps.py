from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from django.core.checks import Tags, register

        from accounts import navigation, policy
        from accounts.links.models import SignedLink
        from accounts.people import invitations
        from accounts.roles import Role
        from accounts.security_log import records as security_records
        from accounts.sign_in import breached_passwords, recent_checks, recovery_codes, second_step, sessions
        from jobfirst.extension_points import add_permissions, add_to_menu, name_roles
        from jobfirst.messaging.waiting import queue_of
        from jobfirst.monitoring.extension_points import add_mail_queue

        name_roles(Role.choices)
        add_permissions(policy.PERMISSIONS)
        add_to_menu(*navigation.ENTRIES)
        register(Tags.security, deploy=True)(breached_passwords.check_list)
        security_records.connect()
        second_step.connect()
        sessions.connect()
        recent_checks.connect()
        recovery_codes.connect()
        add_mail_queue("invitations", invitations.waiting)
        add_mail_queue("links", queue_of(SignedLink))
