from django.apps import AppConfig
from django.db.models.signals import post_migrate


def remember_mode(sender, using="default", **kwargs) -> None:
    """Store the installation's mode at the first migration; refuse another mode from then on."""
    from django.conf import settings

    from jobfirst import mode
    from jobfirst.models import Installation

    if not Installation.objects.using(using).exists():
        Installation.objects.using(using).create(pk=1, mode=settings.JOBFIRST_MODE)
    mode.confirm()


def remember_database(sender, using="default", **kwargs) -> None:
    """Store at the first migration that this database's system sends; a copy of it is muted."""
    from jobfirst.messaging.mute import set_muted
    from jobfirst.models import MuteChange

    if not MuteChange.objects.using(using).exists():
        set_muted(False, using=using)


class JobFirstConfig(AppConfig):
    name = "jobfirst"

    def ready(self) -> None:
        from django.conf import settings

        # celery, so that a task queued is queued here; the others for their checks
        from jobfirst import celery  # noqa: F401
        from jobfirst.edges import credential_checks, transport_checks  # noqa: F401
        from jobfirst.encryption import crypto
        from jobfirst.values import danish_order  # noqa: F401

        crypto.check_keys()
        if settings.JOBFIRST_SENTRY_DSN:
            from jobfirst.monitoring import sentry

            sentry.start(settings.JOBFIRST_SENTRY_DSN)
        post_migrate.connect(remember_mode, sender=self, dispatch_uid="jobfirst.remember_mode")
        post_migrate.connect(remember_database, sender=self, dispatch_uid="jobfirst.remember_database")
