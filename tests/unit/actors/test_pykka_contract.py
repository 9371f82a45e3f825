"""What the machinery relies on inside pykka, pinned."""

from __future__ import annotations

import inspect

import pykka
from pykka import ActorDeadError, ActorRegistry, ThreadingActor
from pykka._envelope import Envelope


def test_the_names_we_override_or_call_exist() -> None:
    for name in (
        "_create_actor_inbox",
        "_actor_loop_setup",
        "_actor_loop_running",
        "_actor_loop_teardown",
        "_handle_failure",
        "_handle_receive",
    ):
        assert callable(getattr(ThreadingActor, name)), name


def test_the_inbox_is_made_once_in_the_constructor_and_stays() -> None:
    source = inspect.getsource(pykka.Actor.__init__)
    assert source.count("self._create_actor_inbox()") == 1


def test_the_loop_gets_outside_its_own_try_so_a_mailbox_may_end_it() -> None:
    source = inspect.getsource(pykka.Actor._actor_loop_running)
    assert source.index("actor_inbox.get()") < source.index("try:")


def test_an_envelope_carries_a_message_and_somebody_to_reply_to() -> None:
    envelope = Envelope("hello")
    assert (envelope.message, envelope.reply_to) == ("hello", None)


class Raising(ThreadingActor):
    use_daemon_thread = True

    def on_receive(self, message: object) -> None:
        raise ValueError(message)


def test_a_told_exception_kills_the_actor() -> None:
    actor = Raising.start()
    actor.tell("boom")
    actor.actor_stopped.wait(5)
    assert not actor.is_alive()


def test_an_asked_exception_leaves_the_actor_alive_which_is_why_we_end_it_ourselves() -> None:
    actor = Raising.start()
    try:
        actor.ask("boom", timeout=5)
    except ValueError:
        assert actor.is_alive()
    finally:
        ActorRegistry.stop_all(timeout=5)
    try:
        actor.ask("again", timeout=5)
    except ActorDeadError:
        return
    raise AssertionError("a stopped actor answered")
