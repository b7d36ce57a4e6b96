from django.urls import path

from accounts import views, views_calendar, views_people

app_name = "accounts"
urlpatterns = [
    path("start/", views.landing, name="landing"),
    path("work/", views.work, name="work"),
    path("profile/", views.profile, name="profile"),
    path("language/", views.choose_language, name="language"),
    path("theme/", views.choose_theme, name="theme"),
    path("files/<uuid:uid>/", views.file, name="file"),
    path("files/<uuid:uid>/preview/", views.file_preview, name="file-preview"),
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("audit/", views.trail, name="audit"),
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("calendar/renew/", views_calendar.renew, name="calendar-renew"),
    path("calendar/<str:secret>.ics", views_calendar.feed, name="calendar-feed"),
    path("people/", views_people.people, name="people"),
    path("people/new/", views_people.add, name="person-add"),
    path("people/<int:pk>/", views_people.person, name="person"),
    path("people/<int:pk>/grant/", views_people.grant, name="grant"),
    path("people/grants/<int:pk>/confirm/", views_people.confirm, name="grant-confirm"),
    path("people/grants/<int:pk>/end/", views_people.end, name="grant-end"),
]
