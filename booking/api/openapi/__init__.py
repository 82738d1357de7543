"""The contract that machines read: ``GET /openapi.json``, an OpenAPI 3.1 document.

Schemas and operations are written here, beside the endpoints. The examples of problems are made by
the code that answers with them. Tests fail when a route, a code or a member is missing.
"""
