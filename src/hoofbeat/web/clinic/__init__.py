"""The screens of those who work in the clinic."""
