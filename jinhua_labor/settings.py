"""Settings of the portal: one file, typed, read from the environment.

`script/setup` writes the secrets of a local checkout to `.state/secrets.env`; a production machine sets the same names
in its own environment. A missing production value stops the start and says how to set it.
"""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = BASE_DIR / ".state"

env = environ.Env()
if (STATE_DIR / "secrets.env").exists():
    environ.Env.read_env(STATE_DIR / "secrets.env")


def _required(name: str, hint: str) -> str:
    """The value of an environment variable, or a refusal to start that says how to set it."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(
            f"缺少设置 {name}：{hint}（本机试用请运行 script/setup，它会生成 .state/secrets.env）"
        )
    return value


# --- Where this installation runs -------------------------------------------------------------------------------------
LOCAL: bool = env.bool("PORTAL_LOCAL", default=False)  # plain http on one's own machine; never in production
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = _required("SECRET_KEY", "50 个以上随机字符")
if not LOCAL:
    _required("ALLOWED_HOSTS", "对外的域名，多个用逗号分隔，如 portal.example.cn；未设则任何访问都被拒绝")
    _required("PORTAL_URL", "邮件中链接的开头，如 https://portal.example.cn")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_URL: str = env.str("PORTAL_URL", default="http://127.0.0.1:8000")  # base of links in mail

# Keys of encrypted columns: kid → 32 bytes; the first named is used for new values, the others still read.
FIELD_KEYS: dict[str, bytes] = {
    kid: base64.b64decode(key)
    for kid, _, key in (
        item.partition(":") for item in _required("FIELD_KEYS", "形如 k1:BASE64（32 字节），多个用逗号分隔").split(",")
    )
}
INDEX_KEY: bytes = base64.b64decode(_required("INDEX_KEY", "BASE64（32 字节），用于证件号码的检索摘要"))
AUDIT_KEY: bytes = base64.b64decode(_required("AUDIT_KEY", "BASE64（32 字节），用于操作日志的链式校验"))

# --- What the office decides ------------------------------------------------------------------------------------------
PORTAL_TODAY: dt.date | None = (
    dt.date.fromisoformat(env.str("PORTAL_TODAY")) if env.str("PORTAL_TODAY", default="") else None
)
if PORTAL_TODAY and not LOCAL:
    raise ImproperlyConfigured("PORTAL_TODAY 只能用于本机演示与测试，正式环境请删除该设置。")
# Identifiers a government site must show in its footer; never invented, hidden while unset.
SITE_SPONSOR: str = env.str("SITE_SPONSOR", default="")
SITE_PHONE: str = env.str("SITE_PHONE", default="")
SITE_ADDRESS: str = env.str("SITE_ADDRESS", default="")
SITE_CODE: str = env.str("SITE_CODE", default="")
SITE_ICP: str = env.str("SITE_ICP", default="")
SITE_POLICE: str = env.str("SITE_POLICE", default="")
SECOND_FACTOR_ROLES: list[str] = env.list("SECOND_FACTOR_ROLES", default=[])
ROSTER_MAX_ROWS: int = env.int("ROSTER_MAX_ROWS", default=20_000)
CLAMD_SOCKET: str = env.str("CLAMD_SOCKET", default="")

# --- Applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",  # the form renderer finds Django's own widgets through it
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton.apps.SimpleAppConfig",  # with the default configs cotton and partials switch each other off
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "jinhua_labor.core",
    "jinhua_labor.audit",
    "jinhua_labor.accounts",
    "jinhua_labor.rulebook",
    "jinhua_labor.attachments",
    "jinhua_labor.jobs",
    "jinhua_labor.mailbox",
    "jinhua_labor.review",
    "jinhua_labor.notices",
    "jinhua_labor.documents",
    "stations",
    "assessments",
    "subsidies",
    "jinhua_labor.dashboard",
    "jinhua_labor.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jinhua_labor.core.middleware.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jinhua_labor.accounts.middleware.SessionLimitsMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "jinhua_labor.accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "jinhua_labor.accounts.middleware.TypedAgainMiddleware",  # speaks through a message where the form is gone
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jinhua_labor.audit.middleware.AuditContextMiddleware",
]

ROOT_URLCONF = "jinhua_labor.urls"
WSGI_APPLICATION = "jinhua_labor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "jinhua_labor.core.templatetags.portal_format",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jinhua_labor.dashboard.context.portal",
            ],
        },
    }
]
COTTON_DIR = "components"
FORM_RENDERER = "jinhua_labor.core.forms.PortalRenderer"

# --- Database ---------------------------------------------------------------------------------------------------------
if not env.str("DATABASE_URL", default=""):
    raise ImproperlyConfigured(
        "缺少设置 DATABASE_URL（PostgreSQL 15 以上）。本机试用请用 script/server 或 script/test 启动。"
    )
DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        # A connection per request costs 5 to 7 times the throughput.
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.str("PORTAL_TEST_DB", default="test_portal")},
    }
}
# Pages come from memory or an SSD: at PostgreSQL's price for a disk that has to turn, a thousand rows out of a million
# are looked for by reading the million.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    f"-c statement_timeout={env.int('STATEMENT_TIMEOUT', default=10_000)} "
    f"-c lock_timeout={env.int('LOCK_TIMEOUT', default=5_000)} "
    "-c idle_in_transaction_session_timeout=60000 -c random_page_cost=1.1"
)
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL 须指向 PostgreSQL 15 以上：postgres://用户:口令@主机:5432/库名")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # services open their own transactions; a view that fails after one must not undo it

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
}  # shared by all processes: rate limits and one-time codes live in it
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE_MINUTES: int = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_ABSOLUTE_HOURS: int = env.int("SESSION_ABSOLUTE_HOURS", default=12)
SESSIONS_MAX: int = env.int("SESSIONS_MAX", default=3)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jinhua_labor.dashboard.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
if not LOCAL:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sid", "__Host-csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in ----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["jinhua_labor.accounts.backends.PortalBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
PASSWORD_MIN: int = env.int("PASSWORD_MIN", default=12)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "jinhua_labor.accounts.passwords.LengthValidator", "OPTIONS": {"min_length": PASSWORD_MIN}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": "jinhua_labor.accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:home"
LOGOUT_REDIRECT_URL = "dashboard:public_home"
ACCOUNT_ADAPTER = "jinhua_labor.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
# Per address; the limit per account (5 failures, 15 minutes) is accounts.signin, which knows and tells its end.
ACCOUNT_RATE_LIMITS = {
    "login_failed": env.str("LOGIN_FAILED_LIMIT", default="50/15m/ip"),
    "verify": env.str("VERIFY_LIMIT", default="30/m/ip"),  # 文书查验: numbers on papers are not tried one by one
    "objection": env.str("OBJECTION_LIMIT", default="5/h/ip"),  # 异议 to a 公示, from one address
    "complaint": env.str("COMPLAINT_LIMIT", default="5/h/ip"),
    # Answers of one survey, whoever sends them: nothing is kept of an address. Codes typed, by address.
    "survey": env.str("SURVEY_LIMIT", default="600/h/key"),
    "survey_enter": env.str("SURVEY_ENTER_LIMIT", default="30/m/ip"),
    "complaint_status": env.str("COMPLAINT_STATUS_LIMIT", default="20/m/ip"),
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "jinhua_labor.accounts.forms.LoginForm",
    "change_password": "jinhua_labor.accounts.forms.ChangePasswordForm",
    "reauthenticate": "jinhua_labor.accounts.forms.ReauthenticateForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "jinhua_labor.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "jinhua_labor.accounts.forms.SecondFactorForm",
    "reauthenticate": "jinhua_labor.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "jinhua_labor.accounts.forms.SecondFactorOnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "金东区省外劳务协作工作站管理服务平台"
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_TRACK_ACTIVITY = False  # allauth's way costs five queries a request; ours notes it once a minute

# --- Language, time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Static and uploaded files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *([("vendor", STATE_DIR / "vendor")] if (STATE_DIR / "vendor").exists() else []),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.bool("PORTAL_TESTING", default=False)
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our own pages load them, nobody else's need to
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(STATE_DIR / "media")))  # private: served by one view only
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
UPLOAD_MAX_BYTES: int = env.int("UPLOAD_MAX_BYTES", default=20 * 1024 * 1024)

# --- 拨付表 -----------------------------------------------------------------------------------------------------------
# Columns in their order, each with a title of its own where wanted (payee=收款人全称); names: payments/rules/layout.py
PAYMENT_SHEET_COLUMNS: list[str] = env.list(
    "PAYMENT_SHEET_COLUMNS",
    default=[
        *("seq", "batch", "payee", "bank", "account", "station", "item", "amount", "capitals"),
        *("result", "voucher", "paid_on", "reason"),
    ],
)
PAYMENT_SHEET_TITLE: str = env.str("PAYMENT_SHEET_TITLE", default="省外劳务协作工作站补贴拨付表")
PAYMENT_SHEET_SIGNATURES: list[str] = env.list(
    "PAYMENT_SHEET_SIGNATURES", default=["经办人", "审核人", "财务负责人", "单位负责人"]
)

# --- Mail -------------------------------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="noreply@localhost")

# --- Headers ----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],  # attachments.preview alone may be framed, by our own pages
        "form-action": [SELF],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not LOCAL:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if env.bool("BEHIND_TLS_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- History, logs ----------------------------------------------------------------------------------------------------
PGHISTORY_DEFAULT_TRACKERS = ()  # each model names its own: the row itself is its first version
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING_CONFIG = None  # structlog is set up by core.logs
LOG_LEVEL: str = env.str("LOG_LEVEL", default="INFO")
