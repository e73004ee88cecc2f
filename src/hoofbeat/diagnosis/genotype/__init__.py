"""What a person's variants say of each disease: filters, inheritance, and the likelihood ratio of its genes."""
