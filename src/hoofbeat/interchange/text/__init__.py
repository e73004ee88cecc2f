"""Free text of clinics and families as findings; see `find.find_terms`."""
