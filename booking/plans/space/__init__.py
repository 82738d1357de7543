"""Where things are in a house: which seats are next to each other, and where its front is.

Pure geometry: knows points, lines and areas, and no plan.
"""
