from django.urls import path
from .views import results

app_name = "assessments"
urlpatterns = [
    path("", results.results, name="list"),
    path("results/", results.results, name="results"),
    path("results/<int:year>.<str:kind>", results.bulletin_file, name="bulletin"),
    path("<uuid:pk>/", results.upheld, name="assessment"),
    path("<uuid:pk>/upheld/", results.upheld, name="upheld"),
    path("<uuid:pk>/correct/", results.correct, name="correct"),
    path("sheets/<uuid:pk>/annex3.pdf", results.annex, name="annex3"),
]
