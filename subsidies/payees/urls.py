"""Addresses of 收款账户."""

from django.urls import path

from .views import accounts

app_name = "payees"

urlpatterns = [
    path("", accounts.index, name="index"),
    path("units/<uuid:pk>/", accounts.unit, name="unit"),
    path("units/<uuid:pk>/ask/", accounts.ask, name="ask"),
    path("changes/<uuid:pk>/", accounts.change, name="change"),
    path("changes/<uuid:pk>/check/", accounts.check, name="check"),
    path("changes/<uuid:pk>/confirm/", accounts.confirm, name="confirm"),
    path("changes/<uuid:pk>/refuse/", accounts.refuse, name="refuse"),
    path("changes/<uuid:pk>/stop/", accounts.stop, name="stop"),
    path("changes/<uuid:pk>/reveal/", accounts.reveal, name="reveal"),
]
