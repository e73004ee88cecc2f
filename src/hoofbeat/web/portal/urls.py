"""Addresses of patients, parents and carers."""

from __future__ import annotations

from django.urls import path

from hoofbeat.web.portal.home import portal

urlpatterns = [path("", portal, name="portal")]
