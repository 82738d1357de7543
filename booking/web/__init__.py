"""Pages for people: templates, styles, scripts and their texts in each language.

May import ``api``, whose lists of events it also shows as pages, and everything below it.
"""
