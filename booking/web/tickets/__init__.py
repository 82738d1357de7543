"""Tickets for people: a page, and a PDF to print or for a phone, each with a QR code."""
