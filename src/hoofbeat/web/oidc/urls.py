"""The two addresses of the sign-in at the provider: there, and back. allauth includes them under `/sign-in/`."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.oidc.views import callback, login

urlpatterns = [
    path("oidc/clinic/login/", login, name="clinic_oidc_login"),
    path("oidc/clinic/login/callback/", callback, name="clinic_oidc_callback"),
]
