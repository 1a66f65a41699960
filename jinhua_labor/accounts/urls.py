"""Sign-in pages of allauth that this portal uses, under their own names, and our pages in the namespace `accounts`.

allauth's other pages (signup, e-mail addresses, password reset by mail) are not routed: what has no address needs no guard.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import URLPattern, include, path

own: list[URLPattern] = []

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/enter/", mfa.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/on/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-factor/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("", include((own, "accounts"))),
]
