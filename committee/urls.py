"""Addresses of evaluations, sessions, resolutions and bodies."""

from django.urls import URLPattern, path

from committee.views import evaluations, items, records, sessions

app_name = "committee"
urlpatterns: list[URLPattern] = [
    path("evaluations/", evaluations.index, name="evaluations"),
    path("evaluations/assign/<str:ref>/", evaluations.assign, name="assign"),
    path("evaluations/<int:pk>/", evaluations.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/replace/", evaluations.replace, name="replace"),
    path("evaluations/<int:pk>/declare/", evaluations.declare, name="evaluation-declare"),
    path("evaluations/<int:pk>/score/", evaluations.score, name="score"),
    path("evaluations/<int:pk>/note/", evaluations.note, name="joint-note"),
    path("sessions/", sessions.index, name="sessions"),
    path("sessions/plan/", sessions.plan, name="plan"),
    path("sessions/<str:code>/", sessions.session, name="session"),
    path("sessions/<str:code>/live/", sessions.live, name="session-live"),
    path("sessions/<str:code>/add-application/", sessions.add_application, name="add-application"),
    path("sessions/<str:code>/add-item/", sessions.add_item, name="add-item"),
    path("sessions/<str:code>/call/", sessions.call, name="call"),
    path("sessions/<str:code>/open/", sessions.open_session, name="open"),
    path("sessions/<str:code>/presence/", sessions.attend, name="attend"),
    path("sessions/<str:code>/close/", sessions.close, name="close"),
    path("sessions/<str:code>/draft/", sessions.draft, name="draft-minutes"),
    path("sessions/<str:code>/sign/", sessions.sign, name="sign-minutes"),
    path("sessions/<str:code>/send-back/", sessions.send_back, name="send-back"),
    path("sessions/<str:code>/comment/", sessions.comment, name="comment"),
    path("sessions/<str:code>/papers/<str:number>.pdf", records.document, name="document"),
    path("sessions/<str:code>/<int:position>/", items.item, name="item"),
    path("sessions/<str:code>/<int:position>/live/", items.live, name="item-live"),
    path("sessions/<str:code>/<int:position>/declare/", items.declare, name="item-declare"),
    path("sessions/<str:code>/<int:position>/step-back/", items.step_back, name="step-back"),
    path("sessions/<str:code>/<int:position>/open-vote/", items.open_vote, name="open-vote"),
    path("sessions/<str:code>/<int:position>/vote/", items.vote, name="vote"),
    path("sessions/<str:code>/<int:position>/roll-call/", items.roll_call, name="roll-call"),
    path("sessions/<str:code>/<int:position>/close/", items.close, name="close-item"),
    path("sessions/<str:code>/<int:position>/put-off/", items.put_off, name="put-off"),
    path("resolutions/", records.resolutions, name="resolutions"),
    path("resolutions/<str:number>/", records.resolution, name="resolution"),
    path("resolutions/<str:number>/withdraw/", records.withdraw, name="withdraw-resolution"),
    path("resolutions/<str:number>/conditions/<int:position>/", records.meet, name="meet-condition"),
    path("bodies/", records.body_list, name="bodies"),
    path("bodies/seats/<int:pk>/", records.seat, name="seat"),
    path("bodies/appointments/<int:pk>/end/", records.end_appointment, name="end-appointment"),
]
