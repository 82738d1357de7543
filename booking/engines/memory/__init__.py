"""The engine that keeps everything in memory, under one ``threading.Lock`` for each event.

Does not know the other engine.
"""
