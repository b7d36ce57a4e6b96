from django.urls import URLPattern, path

from loans import urls_bank, urls_changes, urls_kept
from loans.views import (
    calculator,
    contracts,
    disbursements,
    loans,
    payments,
    payoffs,
    payouts,
    schedules,
    statements,
)

app_name = "loans"
urlpatterns: list[URLPattern] = [
    path("calculator/", calculator.calculator, name="calculator"),
    path("loans/", loans.index, name="loans"),
    path("my/loans/", loans.mine, name="mine"),
    path("loans/<str:ref>/", loans.loan, name="loan"),
    path("loans/<str:ref>/signed-copy/", contracts.signed_copy, name="signed_copy"),
    path("loans/<str:ref>/account/", disbursements.account, name="account"),
    path("loans/<str:ref>/account/seen/", disbursements.account_seen, name="account_seen"),
    path("loans/<str:ref>/payment/", payments.record, name="pay"),
    path("loans/<str:ref>/schedules/<int:number>/", schedules.version, name="schedule"),
    path("loans/<str:ref>/payoff/", payoffs.payoff, name="payoff"),
    path("loans/<str:ref>/statement/", statements.statement, name="statement"),
    path("loans/<str:ref>/papers/<str:number>.pdf", loans.paper, name="paper"),
    path("contracts/", contracts.index, name="contracts"),
    path("contracts/new/<uuid:uid>/", contracts.new, name="contract_new"),
    path("contracts/<str:ref>/sign/", contracts.sign, name="contract_sign"),
    path("contracts/<str:ref>/cancel/", contracts.cancel, name="contract_cancel"),
    path("disbursements/", disbursements.index, name="disbursements"),
    path("disbursements/new/<str:ref>/", disbursements.new, name="disbursement_new"),
    path("disbursements/<int:pk>/", disbursements.disbursement, name="disbursement"),
    path("disbursements/<int:pk>/cancel/", disbursements.cancel, name="disbursement_cancel"),
    path("loans/<str:ref>/proof/", payouts.hand_in, name="proof_hand_in"),
    path("loans/<str:ref>/rest/", payouts.rest, name="rest"),
    path("disbursements/proofs/<int:pk>/", payouts.proof, name="proof"),
    path("payments/", payments.index, name="payments"),
    path("payments/<str:number>/", payments.payment, name="payment"),
    path("payments/<str:number>/reverse/", payments.reverse, name="payment_reverse"),
    *urls_bank.urlpatterns,
    *urls_changes.urlpatterns,
    *urls_kept.urlpatterns,
]
