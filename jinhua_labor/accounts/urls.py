"""Sign-in pages of allauth that this portal uses, under their own names, and our pages in the namespace `accounts`.

allauth's other pages (signup, e-mail addresses, password reset by mail) have no address and so need no guard.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import include, path

from .pages import joining, own, people, registrations

pages = [
    path("register/", joining.register, name="register"),
    path("join/<str:token>/", joining.join, name="join"),
    path("reset/<str:token>/", joining.reset, name="reset"),
    path("waiting/", own.waiting, name="waiting"),
    path("me/", own.me, name="me"),
    path("people/", people.people, name="people"),
    path("people/invite/<uuid:pk>/", people.invite, name="invite"),
    path("people/invitations/<uuid:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/<slug:step>/", people.change, name="change"),
    path("registrations/", registrations.registrations, name="registrations"),
    path("registrations/<uuid:pk>/", registrations.registration, name="registration"),
]

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
    path("", include((pages, "accounts"))),
]
