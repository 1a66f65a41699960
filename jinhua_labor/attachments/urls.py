from django.urls import path

from . import views

app_name = "attachments"
urlpatterns = [
    path("<uuid:pk>/", views.download, name="download"),
    path("<uuid:pk>/preview/", views.preview, name="preview"),
    path("<uuid:pk>/open/", views.open_secret, name="open"),
    path("public/<uuid:pk>/", views.released, name="released"),
]
