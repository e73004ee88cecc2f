"""The screens of patients, parents and carers."""
