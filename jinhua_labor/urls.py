"""All addresses of the portal: public pages at the root, the workspace beside them."""

from django.urls import include, path

from assessments.surveys.urls import answer_patterns

urlpatterns = [
    path("", include("jinhua_labor.dashboard.urls")),
    path("account/", include("jinhua_labor.accounts.urls")),
    path("audit/", include("jinhua_labor.audit.urls")),
    path("rulebook/", include("jinhua_labor.rulebook.urls")),
    path("files/", include("jinhua_labor.attachments.urls")),
    path("jobs/", include("jinhua_labor.jobs.urls")),
    path("inbox/", include("jinhua_labor.mailbox.urls")),
    path("reviews/", include("jinhua_labor.review.urls")),
    path("notices/", include("jinhua_labor.notices.urls")),
    path("documents/", include("jinhua_labor.documents.urls")),
    path("applications/", include("stations.applications.urls")),
    path("roster/", include("stations.roster.urls")),
    path("stations/", include("stations.registry.urls")),
    path("ledger/", include("stations.ledger.urls")),
    path("oversight/", include("stations.oversight.urls")),
    path("excellent/", include("assessments.excellent.urls")),
    path("surveys/", include("assessments.surveys.urls")),
    path("s/", include((answer_patterns, "answer"))),
    path("assessments/", include("assessments.sheets.urls")),
    path("subsidies/accounts/", include("subsidies.payees.urls")),
    path("subsidies/", include("subsidies.grants.urls")),
    path("payments/", include("subsidies.payments.urls")),
]

handler400 = "jinhua_labor.dashboard.errors.handler400"
handler403 = "jinhua_labor.dashboard.errors.handler403"
handler404 = "jinhua_labor.dashboard.errors.handler404"
handler500 = "jinhua_labor.dashboard.errors.handler500"
