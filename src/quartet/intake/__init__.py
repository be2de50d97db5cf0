"""Propose what an open source says, each suggestion with its place in the text; an officer decides.

Rules alone: no clock, no dice, no door. What a text leaves open stays open here.
"""
