"""Every address of the application, by room. A test holds that each is in the table of who may reach it."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from hoofbeat.web.home import home
from hoofbeat.web.research import research

urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", include("allauth.urls")),
    path("", include("hoofbeat.web.access.urls")),
    path("research/", research, name="research"),
    path("clinic/", include("hoofbeat.web.clinic.urls")),
    path("my/", include("hoofbeat.web.portal.urls")),
    *([path("demo/", include("hoofbeat.web.demo.urls"))] if settings.CONFIGURATION.demo else []),
]

handler400 = "hoofbeat.web.home.not_taken"
handler403 = "hoofbeat.web.home.not_allowed"
handler404 = "hoofbeat.web.home.nothing_here"
handler500 = "hoofbeat.web.home.failed"
