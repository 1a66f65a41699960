"""Addresses of 优秀站点."""

from django.urls import path

from .views import candidates, rounds, titles

app_name = "excellent"

urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("titles/", rounds.public_titles, name="public"),
    path("rounds/<uuid:pk>/", rounds.round_page, name="round"),
    path("rounds/<uuid:pk>/stand/", rounds.stand, name="stand"),
    path("rounds/<uuid:pk>/publish/", rounds.publish, name="publish"),
    path("rounds/<uuid:pk>/recognise/", rounds.recognise, name="recognise"),
    path("rounds/<uuid:pk>/document.<str:kind>", rounds.document, name="document"),
    path("candidates/<uuid:pk>/", candidates.candidate, name="candidate"),
    path("candidates/<uuid:pk>/ledger/<uuid:year>/", candidates.ledger, name="candidate_ledger"),
    path("candidates/<uuid:pk>/screen/", candidates.screen, name="candidate_screen"),
    path("candidates/<uuid:pk>/back/", candidates.back, name="candidate_back"),
    path("candidates/<uuid:pk>/approve/", candidates.approve, name="candidate_approve"),
    path("candidates/<uuid:pk>/reject/", candidates.reject, name="candidate_reject"),
    path("candidates/<uuid:pk>/strike/", candidates.strike, name="candidate_strike"),
    path("candidates/<uuid:pk>/withdraw/", candidates.withdraw, name="candidate_withdraw"),
    path("reverifications/<uuid:pk>/", titles.reverification, name="reverification"),
    path("reverifications/<uuid:pk>/ledger/<uuid:year>/", titles.ledger, name="reverification_ledger"),
    path("reverifications/<uuid:pk>/submit/", titles.submit, name="reverification_submit"),
    path("reverifications/<uuid:pk>/screen/", titles.screen, name="reverification_screen"),
    path("reverifications/<uuid:pk>/back/", titles.back, name="reverification_back"),
    path("reverifications/<uuid:pk>/keep/", titles.keep, name="reverification_keep"),
    path("reverifications/<uuid:pk>/rectify/", titles.rectify, name="reverification_rectify"),
    path("reverifications/<uuid:pk>/withdraw/", titles.withdraw, name="reverification_withdraw"),
]
