"""Addresses of 拨付 and 预算."""

from django.urls import path

from .views import batches, budget, results

app_name = "payments"

urlpatterns = [
    path("", batches.batch_list, name="list"),
    path("make/", batches.make, name="make"),
    path("batches/<uuid:pk>/", batches.batch, name="batch"),
    path("batches/<uuid:pk>/issue/", batches.issue, name="issue"),
    path("batches/<uuid:pk>/cancel/", batches.cancel, name="cancel"),
    path("batches/<uuid:pk>/approval.pdf", batches.approval, name="approval"),
    path("batches/<uuid:pk>/sheet/", batches.sheet, name="sheet"),
    path("lines/<uuid:pk>/", results.payment, name="payment"),
    path("lines/<uuid:pk>/pay/", results.pay, name="pay"),
    path("lines/<uuid:pk>/bounce/", results.bounce, name="bounce"),
    path("lines/<uuid:pk>/take-out/", results.take_out, name="take_out"),
    path("results/", results.results, name="results"),
    path("results/<uuid:pk>/", results.result, name="result"),
    path("budget/", budget.budget, name="budget"),
    path("budget/<int:year>/", budget.budget, name="budget_year"),
    path("budget/<int:year>/enter/", budget.enter, name="budget_enter"),
    path("budget/<int:year>/export/", budget.export, name="budget_export"),
]
