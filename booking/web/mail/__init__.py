"""Mail to the people of bookings: its words, its form, and who hands it in.

May import all that the pages may. Notices come from the outbox of the engines.
"""
