"""What medicine knows: ontology, diseases, genes, and the case library. Read-only at run time; every fact with source
and date.
"""
