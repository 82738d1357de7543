"""What endpoints and pages share: requests, holder tokens and cookies, documents, problems.

Every error becomes a status code in ``problems``. May import ``engines`` and everything below it,
but no endpoint and no page.
"""
