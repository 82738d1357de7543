"""What endpoints and pages share.

Reading requests, holder tokens and cookies, documents, and ``problems``, where every error becomes
a status code. May import ``engines`` and everything below it, but no endpoint and no page.
"""
