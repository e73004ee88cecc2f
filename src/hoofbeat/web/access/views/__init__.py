"""Screens of invitations and of the clinic's staff."""
