"""Owns the second witness: what the money events of all owners must add up to, whoever is first.

Within the word of one owner every event is judged as it comes. Between two, an order (or a
pair's ended orders, or a wish and its answer) is compared once both have told their end; who
never tells it is found by the alarm.
"""
