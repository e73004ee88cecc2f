"""Sign-in through the clinic's OpenID Connect provider: allauth's flow, with the checks of the standard that it leaves
out.
"""
