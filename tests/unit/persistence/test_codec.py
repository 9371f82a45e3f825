"""The bytes of a value: what goes in comes out, and nothing else does."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module
from pkgutil import iter_modules

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import messages
from messages import base, budget, control, limits, previews
from messages.base import Envelope
from messages.budget import BudgetSettled
from persistence import codec
from persistence.codec import Corrupt
from persistence.record import Record
from tests.support.ledgers import Cash
from tests.support.specimens import EVENTS, PROMPTS, anything, letters, specimen

MODULES = [import_module(f"messages.{found.name}") for found in iter_modules(messages.__path__)]
KEY = (7).to_bytes(8, "big")
KINDS = (base.Command, base.Report)


def classes() -> set[type]:
    named = [value for module in MODULES for value in vars(module).values()]
    found = {value for value in named if isinstance(value, type) and issubclass(value, KINDS)}
    states_nothing = {previews.Preview, previews.PreviewTurn}  # so nothing has it as its prompt
    return found - {*KINDS, control.Change, *states_nothing}


def encode(letter: Envelope, key: bytes = KEY) -> bytes:
    return codec.close(key, codec.encode_envelope(letter))


def test_every_volatile_message_may_be_kept_as_a_prompt() -> None:
    assert classes() == set(PROMPTS)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_an_event_comes_back_as_it_was(kind: type, data: st.DataObject) -> None:
    letter = Envelope(data.draw(anything(kind)), 1.5, "owner")
    assert codec.decode_envelope(KEY, encode(letter)) == msgspec.structs.replace(letter, number=7)


@settings(max_examples=100, deadline=None)
@given(letters())
def test_an_envelope_comes_back_whole_and_numbered(letter: Envelope) -> None:
    assert codec.decode_envelope(KEY, encode(letter)) == msgspec.structs.replace(letter, number=7)


@settings(max_examples=50, deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_keeps_every_digit_and_its_exponent(value: Decimal) -> None:
    letter = codec.decode_envelope(
        KEY, encode(Envelope(BudgetSettled("x", value, value), 0.0, "budget"))
    )
    assert str(letter.body.funds) == str(value)


@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_flipped_bit_fails_the_checksum(text: bytes, data: st.DataObject) -> None:
    value = bytearray(codec.seal(KEY, text))
    at = data.draw(st.integers(0, len(value) * 8 - 1))
    value[at // 8] ^= 1 << at % 8
    with pytest.raises(Corrupt, match="checksum"):
        codec.check(KEY, bytes(value))


@given(st.binary(max_size=60))
def test_bytes_that_are_no_value_are_refused(raw: bytes) -> None:
    with pytest.raises(Corrupt):
        codec.decode_envelope(KEY, raw)


def test_a_value_under_the_key_of_another_fails_its_checksum() -> None:
    value = encode(Envelope(budget.SaleEnded("x"), 0.0, "budget"))
    with pytest.raises(Corrupt, match="checksum"):
        codec.decode_envelope((8).to_bytes(8, "big"), value)


def test_an_unknown_event_does_not_decode_and_says_so() -> None:
    body = {"at": 1.0, "source": "x", "body": {"type": "NeverHeardOf"}}
    with pytest.raises(Corrupt, match="NeverHeardOf"):
        codec.decode_envelope(KEY, codec.close(KEY, msgspec.msgpack.encode(body)))


def test_a_value_of_another_type_does_not_decode_and_says_what_it_should_be() -> None:
    with pytest.raises(Corrupt, match=r"int.*str"):
        codec.unseal(KEY, codec.seal(KEY, "seven"), int)


def test_what_could_not_be_decoded_again_is_not_encoded() -> None:
    with pytest.raises(TypeError, match="CallQueued is not in"):
        codec.encode_envelope(Envelope(specimen(limits.CallQueued), 0.0, "limiter"))
    with pytest.raises(TypeError, match="ShowStatus is not in"):
        codec.encode_envelope(
            Envelope(budget.SaleEnded("x"), 0.0, "x", prompt=control.ShowStatus())
        )


def test_a_field_added_to_a_state_takes_its_default() -> None:
    class Old(msgspec.Struct):
        krw: Decimal

    value = codec.seal(b"budget", Record(Old(Decimal(5)), {"feed": 1}))
    found = codec.unseal(b"budget", value, Record[Cash])
    assert found == Record(Cash(Decimal(5), ()), {"feed": 1})
