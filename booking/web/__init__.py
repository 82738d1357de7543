"""The pages for people: templates, styles, scripts, texts, and the blueprint that serves them."""
