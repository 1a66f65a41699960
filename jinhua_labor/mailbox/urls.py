from django.urls import path

from . import views

app_name = "mailbox"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:pk>/", views.message, name="message"),
    path("<uuid:pk>/read/", views.read, name="read"),
]
