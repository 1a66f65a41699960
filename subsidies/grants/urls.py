"""Addresses of 补贴 and 追回."""

from django.urls import path

from .views import grants, recoveries, steps

app_name = "grants"

urlpatterns = [
    path("", grants.grants, name="list"),
    path("paid/", grants.paid, name="public"),
    path("notice/", grants.notice, name="notice"),
    path("grants/<uuid:pk>/", grants.grant, name="grant"),
    path("rounds/<uuid:pk>/", grants.adjustment, name="adjustment"),
    path("grants/<uuid:pk>/account/", steps.account, name="account"),
    path("grants/<uuid:pk>/recheck/", steps.recheck, name="recheck"),
    path("grants/<uuid:pk>/received/", steps.received, name="received"),
    path("grants/<uuid:pk>/return/", steps.hand_back, name="return"),
    path("grants/<uuid:pk>/screen/", steps.screen, name="screen"),
    path("grants/<uuid:pk>/benefit/", steps.benefit, name="benefit"),
    path("grants/<uuid:pk>/benefit/<uuid:benefit>/", steps.benefit_decide, name="benefit_decide"),
    path("grants/<uuid:pk>/decide/", steps.decide, name="decide"),
    path("grants/<uuid:pk>/approve/", steps.approve, name="approve"),
    path("grants/<uuid:pk>/back/", steps.back, name="back"),
    path("grants/<uuid:pk>/reject/", steps.reject, name="reject"),
    path("grants/<uuid:pk>/cancel/", steps.cancel, name="cancel"),
    path("grants/<uuid:pk>/step/", steps.step, name="step"),
    path("grants/<uuid:pk>/reveal/", grants.reveal, name="reveal"),
    path("recoveries/", recoveries.recoveries, name="recoveries"),
    path("recoveries/<uuid:pk>/", recoveries.recovery, name="recovery"),
    path("recoveries/<uuid:pk>/letter.pdf", recoveries.letter, name="letter"),
    path("recoveries/<uuid:pk>/notify/", recoveries.notify, name="notify"),
    path("recoveries/<uuid:pk>/return/", recoveries.register_return, name="register_return"),
    path("recoveries/<uuid:pk>/drop/", recoveries.drop, name="drop"),
    path("decisions/<uuid:pk>/", recoveries.name, name="name"),
]
