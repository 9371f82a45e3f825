"""Owns what a call is called where it is told what befell it."""

from __future__ import annotations

from typing import Literal

from messages.orders import Call, QueryOrder, SubmitOrder


def did(call: Call) -> Literal["submit", "query", "cancel"]:
    """A call's name in a report."""
    if isinstance(call, SubmitOrder):
        return "submit"
    return "query" if isinstance(call, QueryOrder) else "cancel"
