"""Addresses of invitations and of the clinic's staff."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
