"""Who carries out the calls on a sale: the contract of every engine, and what engines share.

May import ``sale``, ``domain``, ``plans`` and ``settings``; knows no engine in particular.
"""
