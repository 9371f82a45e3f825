"""Owners of one thing each, edges to the outside, and the runtime that they share.

It asks no disk and no network itself: edges are given what does.
"""
