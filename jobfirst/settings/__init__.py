"""Settings, all from the environment (listed in docs/operations.md).

There is no default secret: a missing or malformed value stops the start with the name of the variable. With
DATABASE_URL and REDIS_URL unset, `devservices` has started the embedded servers and set the environment
before this module is read.
"""

import re
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from jobfirst.settings import edges, operation, sign_in

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()


def required(name: str, pattern: str, requirement: str, default: Any = env.NOTSET) -> str:
    """Return the variable; ImproperlyConfigured with its name when it is missing or does not match.

    `requirement` says in the error what the value must be.
    """
    value: str = env.str(name, default=default)
    if not re.fullmatch(pattern, value, re.DOTALL):
        raise ImproperlyConfigured(f"{name} must be {requirement}")
    return value


DEBUG = env.bool("DJANGO_DEBUG", default=False)
SECRET_KEY = required("DJANGO_SECRET_KEY", r".{50,}", "at least 50 random characters")
ALLOWED_HOSTS = required("DJANGO_ALLOWED_HOSTS", r"[^*\s]+", "a comma list of host names").split(",")
DATA_DIR = Path(env.str("JOBFIRST_DATA_DIR", default=str(BASE_DIR / ".data")))
# The list of erasures, which a restored backup is held against: where a lost database does not take it along.
JOBFIRST_ERASURES_DIR = Path(env.str("JOBFIRST_ERASURES_DIR", default=str(DATA_DIR / "erasures")))

# Rehearsal or real: set once per installation (docs/operations.md) and checked against the database.
JOBFIRST_MODE = required("JOBFIRST_MODE", "rehearsal|real", "'rehearsal' or 'real'")
if DEBUG and JOBFIRST_MODE == "real":
    raise ImproperlyConfigured("DJANGO_DEBUG must not be set when JOBFIRST_MODE is 'real'")

# Keys of the data (format and check: jobfirst/encryption/crypto.py). Never in the database or the log.
JOBFIRST_CPR_KEYS = required("JOBFIRST_CPR_KEYS", ".+", "a comma list of number:key").split(",")
JOBFIRST_LOOKUP_KEY = env.str("JOBFIRST_LOOKUP_KEY")
JOBFIRST_PSEUDONYM_KEY = env.str("JOBFIRST_PSEUDONYM_KEY")

JOBFIRST_BASE_URL = required("JOBFIRST_BASE_URL", r"https?://[^\s]+", "an address with http(s)://").rstrip(
    "/"
)
vars().update(edges.limits())

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "rules",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "django_filters",
    "django_htmx",
    "csp",
    "jobfirst",
    "audit",
    "accounts",
    "help",
    "reminders",
    "cases",
    "progression",
    "companies",
    "plans",
    "randomization",
    "grants",
    "evaluation",
    "rights",
    "demo",
]

MIDDLEWARE = [
    "jobfirst.logs.access_log.AccessLogMiddleware",  # first: it logs what all others answer
    "jobfirst.edges.middleware.EdgeMiddleware",  # completes every answer
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "jobfirst.edges.readable_requests.ReadableRequestMiddleware",  # its `process_view` follows that of CSRF
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleMiddleware",
    "accounts.middleware.SignInMiddleware",
    "accounts.middleware.SecondStepMiddleware",
    "accounts.middleware.KnownDeviceMiddleware",
    "accounts.middleware.ProjectsMiddleware",  # which projects' rows the database shows the person
    "accounts.middleware.SignOutMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "audit.middleware.HistoryMiddleware",
    "audit.middleware.RefusalMiddleware",
    "cases.protected.ProtectedCitizenMiddleware",
]

ROOT_URLCONF = "jobfirst.urls"
WSGI_APPLICATION = "jobfirst.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they may name people
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jobfirst.context.site",
            ],
        },
    },
]

# The application signs in as a role that owns nothing; migrations as the owner (DATABASE_OWNER_URL).
required("DATABASE_URL", r"postgres(ql)?://.+", "a postgres:// URL")
DATABASES = {"default": env.db_url("DATABASE_URL")}
# It tells the server which projects the running code works on (docs/architecture.md).
DATABASES["default"]["ENGINE"] = "jobfirst.row_security.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DJANGO_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", default="")

REDIS_URL = required("REDIS_URL", r"(redis|rediss|unix)://.+", "a redis://, rediss:// or unix:// URL")
# No request waits long for Redis, and none fails without it (jobfirst/cache/resilient.py).
_CACHE = {
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": env.str("JOBFIRST_CACHE_PREFIX", default="jobfirst"),
    "OPTIONS": {
        "socket_timeout": 2,
        "socket_connect_timeout": 2,
        "retry": Retry(NoBackoff(), 1),
        # Django's own reads whatever stands in Redis with pickle, which runs what it reads.
        "serializer": "jobfirst.cache.signed.SignedSerializer",
    },
}
CACHES = {
    "default": {"BACKEND": "jobfirst.cache.resilient.ResilientCache", **_CACHE},
    # For whoever must know whether Redis answers.
    "redis": {"BACKEND": "django.core.cache.backends.redis.RedisCache", **_CACHE},
}

# Celery: the database stores what is due; a killed worker's task is delivered again within seconds.
# A task that is not acknowledged within the visibility timeout is delivered to another worker. A second run
# is safe: all tasks are idempotent and take locks. Those that may take longer than the timeout end at once
# when they are under way already (`jobfirst.database.one_at_a_time`), or their copies would never end.
CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("unix://"):  # kombu's notation of a socket and its database number
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("db=", "virtual_host=", 1)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]  # a message in another form is refused: pickle would run what it reads
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("JOBFIRST_VISIBILITY_TIMEOUT", default=15),
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "unacked_mutex_expire": 5,  # a worker killed while restoring must not block the others
    "global_keyprefix": env.str("JOBFIRST_BROKER_PREFIX", default="jobfirst:"),
}
CELERY_BEAT_SCHEDULER = "jobfirst.celery:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat" / "schedule")
CELERY_TIMEZONE = "Europe/Copenhagen"
# The hours of a working day between which reminders are made and sent (D33): the first tick makes and sends
# the digests, the later ones whatever an earlier one could not, because a worker or the mail server was down.
JOBFIRST_DIGEST_FROM_HOUR = 7
JOBFIRST_DIGEST_UNTIL_HOUR = 23
# After so many attempts a digest is a dead letter (docs/reminders.md). With the pauses between them, seven
# take from 7:00 until the evening of the same day.
JOBFIRST_DIGEST_ATTEMPTS = env.int("JOBFIRST_DIGEST_ATTEMPTS", default=7)
# All periodic tasks. A task that is still queued when the next one comes is dropped (`expires`).
_EVERY_MINUTE = {"schedule": 60, "options": {"expires": 50}}
_EVERY_FIVE_MINUTES = {"schedule": 5 * 60, "options": {"expires": 4 * 60}}
_EVERY_TEN_MINUTES = {"schedule": 10 * 60, "options": {"expires": 9 * 60}}
_FROM_THE_MORNING = {"schedule": crontab(minute="10", hour="6-20/2"), "options": {"expires": 60 * 60}}
_BEFORE_THE_DIGESTS = {"schedule": crontab(minute="30", hour="5"), "options": {"expires": 60 * 60}}
CELERY_BEAT_SCHEDULE = {
    "jobfirst.heartbeat": {"task": "jobfirst.tasks.heartbeat", "schedule": 60, "options": {"expires": 60}},
    # The log is sealed soon, so that a change shows, and the head of its chain is mailed (docs/audit.md).
    "audit.seal": {"task": "audit.tasks.seal_audit_log", **_EVERY_MINUTE},
    "audit.mail_head": {"task": "audit.tasks.mail_audit_head", **_FROM_THE_MORNING},
    # The figures of the evaluation by month, before the check of them.
    "evaluation.refresh_figures": {
        "task": "evaluation.tasks.refresh_figures",
        "schedule": crontab(minute="10", hour="3"),
        "options": {"expires": 60 * 60},
    },
    # The same after an import, whose own message to the worker was lost.
    "evaluation.refresh_ordered": {"task": "evaluation.tasks.refresh_ordered", **_EVERY_FIVE_MINUTES},
    # What is stored although it follows from facts, before the day's mails are made of it.
    "jobfirst.check_stored": {
        "task": "jobfirst.tasks.check_stored",
        "schedule": crontab(minute="30", hour="3"),
        "options": {"expires": 60 * 60},
    },
    # Invitations that the mail server did not accept at once.
    "accounts.invitations": {"task": "accounts.tasks.send_due_invitations", **_EVERY_TEN_MINUTES},
    # Signed links that wait, and requests for new ones (D44).
    "accounts.links": {"task": "accounts.tasks.send_waiting_links", **_EVERY_MINUTE},
    "reminders.tick": {
        "task": "reminders.tasks.tick",
        "schedule": crontab(
            minute="*/15",
            hour=f"{JOBFIRST_DIGEST_FROM_HOUR}-{JOBFIRST_DIGEST_UNTIL_HOUR}",
            day_of_week="mon-fri",
        ),
        "options": {"expires": 14 * 60},
    },
    # Mails that came back (D52).
    "reminders.read_bounces": {"task": "reminders.tasks.read_bounces", **_EVERY_TEN_MINUTES},
    # Calendar invitations and the citizens' appointment messages (D18, D53).
    "cases.send_meeting_messages": {"task": "cases.tasks.send_meeting_messages", **_EVERY_MINUTE},
    # Yesterday's unusual use, before the day's digests are made.
    "cases.report_unusual_use": {"task": "cases.tasks.report_unusual_use", **_BEFORE_THE_DIGESTS},
    "evaluation.invitations": {"task": "evaluation.tasks.send_invitations", **_EVERY_MINUTE},
    # Links to companies: to the annex once a week, to report, to the closing assessment (D16, D48, D54).
    "companies.send_company_links": {
        "task": "companies.tasks.send_company_links",
        "schedule": crontab(minute="20", hour="8-15", day_of_week="mon-fri"),
        "options": {"expires": 50 * 60},
    },
    # The ledger's head to the agency, in the morning; later ticks send it only if it was not sent (D5).
    "randomization.mail_head": {"task": "randomization.tasks.mail_head", **_FROM_THE_MORNING},
    # PDFs of sealed work agreements whose worker or message was lost (D15).
    "companies.keep_missing_pdfs": {"task": "companies.tasks.keep_missing_pdfs", **_EVERY_FIVE_MINUTES},
    # Charts that are not in the cache, after an installation for example.
    "evaluation.draw_charts": {"task": "evaluation.tasks.draw_charts", **_EVERY_FIVE_MINUTES},
    # Evaluator's packages whose message was lost, and files whose day is over.
    "evaluation.tend_packages": {"task": "evaluation.tasks.tend_packages", **_EVERY_FIVE_MINUTES},
    "evaluation.publish_figures": {
        "task": "evaluation.tasks.publish_figures",
        "schedule": crontab(minute="10", hour="4"),
        "options": {"expires": 60 * 60},
    },
    # Documents whose worker or message was lost.
    "grants.make_waiting_documents": {
        "task": "grants.tasks.make_waiting_documents",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 4 * 60},
    },
}

LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "jobfirst.formats"
TIME_ZONE = "Europe/Copenhagen"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("DJANGO_STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
# From the source folders as they are (the embedded rehearsal and the tests), or collected at image build.
WHITENOISE_USE_FINDERS = env.bool("DJANGO_STATIC_FROM_SOURCE", default=True)
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        # File names with a hash of the content, so that browsers may cache them for ever; compressed.
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "accounts.backends.SignInBackend",
]
vars().update(sign_in.values(is_real=JOBFIRST_MODE == "real"))

# Plain http is for the embedded rehearsal on this machine only.
INSECURE_HTTP = env.bool("JOBFIRST_INSECURE_HTTP", default=False)
if INSECURE_HTTP and JOBFIRST_MODE == "real":
    raise ImproperlyConfigured("JOBFIRST_INSECURE_HTTP must not be set when JOBFIRST_MODE is 'real'")
# A browser takes a cookie of such a name from this host only, over https, for all its paths.
COOKIE_PREFIX = "" if INSECURE_HTTP else "__Host-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not INSECURE_HTTP
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True  # no script of ours reads a cookie
CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])
vars().update(edges.transport(insecure_http=INSECURE_HTTP))
JOBFIRST_BEHIND_PROXY = env.bool("DJANGO_BEHIND_PROXY", default=False)
if JOBFIRST_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CONTENT_SECURITY_POLICY = {"DIRECTIVES": edges.policy(insecure_http=INSECURE_HTTP)}

MAIL_KINDS = r"(smtp|smtps|smtp\+tls|smtp\+ssl|consolemail|filemail|memorymail|dummymail)://.*"
required("EMAIL_URL", MAIL_KINDS, "an smtp://, smtp+tls:// or smtp+ssl:// URL")
EMAIL_CONFIG = env.email_url("EMAIL_URL")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20
# A real system has a sender of its own, to which people can answer, and whose domain mail servers can check.
REHEARSAL_SENDER = env.NOTSET if JOBFIRST_MODE == "real" else "JobFirst <jobfirst@localhost>"
DEFAULT_FROM_EMAIL = env.str("JOBFIRST_FROM_EMAIL", default=REHEARSAL_SENDER)
if JOBFIRST_MODE == "real" and not re.fullmatch(
    r".+@(?!localhost)[^@\s<>]+\.[^@\s<>]+>?", DEFAULT_FROM_EMAIL
):
    raise ImproperlyConfigured("JOBFIRST_FROM_EMAIL must be the sender of the mails of a real system")
# Where mail servers send what they cannot deliver (D52), and the mailbox in which it is read (if any).
JOBFIRST_RETURN_ADDRESS = env.str("JOBFIRST_RETURN_ADDRESS", default="") or DEFAULT_FROM_EMAIL
JOBFIRST_RETURN_MAILBOX = env.str("JOBFIRST_RETURN_MAILBOX", default="")
if not re.fullmatch(r"((maildir:///|imaps://[^/\s]+@).+)?", JOBFIRST_RETURN_MAILBOX):
    raise ImproperlyConfigured(
        "JOBFIRST_RETURN_MAILBOX must be a maildir:/// or imaps://USER:PASSWORD@HOST URL"
    )

# Who gets the head of the audit log's chain once a day (docs/audit.md).
JOBFIRST_AUDIT_HEAD_TO = env.list("JOBFIRST_AUDIT_HEAD_TO", default=[])
# Whatever is stored: nothing is sent. For copies that the database cannot tell from the original.
JOBFIRST_MUTED = env.bool("JOBFIRST_MUTED", default=False)

# Another system that is asked by HTTP: over https, or on this machine (tests); off while it is empty.
OTHER_SYSTEM = r"(https://.+|http://(127\.0\.0\.1|localhost)(:\d+)?(/.*)?)?"
# The citizen's appointment message (D53): by SMS when a gateway is set, otherwise by mail.
JOBFIRST_SMS_URL = env.str("JOBFIRST_SMS_URL", default="")
if not re.fullmatch(OTHER_SYSTEM, JOBFIRST_SMS_URL):
    raise ImproperlyConfigured("JOBFIRST_SMS_URL must be an https:// URL")
JOBFIRST_SMS_TOKEN = env.str("JOBFIRST_SMS_TOKEN", default="")
JOBFIRST_SMS_SENDER = env.str("JOBFIRST_SMS_SENDER", default="JobFirst")
# The public register of companies, asked for the facts of a CVR number; off while it is empty.
JOBFIRST_COMPANY_REGISTER_URL = env.str("JOBFIRST_COMPANY_REGISTER_URL", default="")
if not re.fullmatch(OTHER_SYSTEM, JOBFIRST_COMPANY_REGISTER_URL):
    raise ImproperlyConfigured("JOBFIRST_COMPANY_REGISTER_URL must be an https:// URL")
JOBFIRST_COMPANY_REGISTER_TOKEN = env.str("JOBFIRST_COMPANY_REGISTER_TOKEN", default="")
JOBFIRST_APPOINTMENT_FROM_HOUR = env.int("JOBFIRST_APPOINTMENT_FROM_HOUR", default=10)

CRISPY_ALLOWED_TEMPLATE_PACKS = "dkfds"
CRISPY_TEMPLATE_PACK = "dkfds"

PGHISTORY_APPEND_ONLY = True

vars().update(operation.values(JOBFIRST_MODE))
# The folder in which the processes count for `serve_metrics`; nothing is counted while it is empty.
JOBFIRST_METRICS_DIR = env.str("JOBFIRST_METRICS_DIR", default="")
if JOBFIRST_METRICS_DIR:
    from jobfirst.monitoring.counting import COUNT_AFTER, COUNT_BEFORE, count_into

    count_into(JOBFIRST_METRICS_DIR)
    MIDDLEWARE = [MIDDLEWARE[0], COUNT_BEFORE, *MIDDLEWARE[1:], COUNT_AFTER]
