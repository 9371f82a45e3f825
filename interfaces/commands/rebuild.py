"""``rebuild --from-exchange``: the way back from a damaged live ledger without a backup."""

from __future__ import annotations

import uuid
from pathlib import Path

import click

from app.live.start import account_of, keys_of
from app.maintenance.folds import folds
from app.maintenance.rebuild import rebuild as made_anew
from app.state_directory import aside_name, require
from app.venue.connection import VenueConnection
from i18n import say
from i18n.errors import UserError
from interfaces.console.session import json_text
from interfaces.options import CliContext, asking, cli_context
from interfaces.views import Ledger, account
from messages.control import ShowBalance
from messages.plain_values import to_plain
from persistence import identity
from persistence.errors import Damaged
from persistence.lock import Lock
from persistence.reader import Reader
from persistence.record import Identity
from persistence.verify import verify


@click.command()
@asking
@click.option("--from-exchange", "agreed", is_flag=True, help="From its balances and open orders.")
def rebuild(config: Path | None, state: Path | None, json: bool, agreed: bool) -> None:
    """Make a damaged live ledger anew from the exchange; what is there is moved aside."""
    here = cli_context(config, state, json)
    language, place = here.language, require(here.state)
    if not agreed:
        raise _refused("rebuild_how", language, "--from-exchange")
    if here.config.dry_run:
        raise _refused("rebuild_paper", language, "dry_run")
    keys = keys_of(language)
    with Lock.take(place):
        identity.finish(place)
        refuse_sound(place, language)
        connection = VenueConnection(here.config.exchange, keys)
        try:
            now, owner = connection.clock.now(), account_of(keys)
            born = Identity(uuid.uuid4().hex, "live", here.config.exchange.name, owner, born_at=now)
            former = former_of(place, born, language)
            aside = aside_name(place, now)
            born = Identity(born.id, "live", born.venue, owner, born_at=now, former=former)
            if not made_anew(place, born, aside, here.config, connection):
                raise _refused("rebuild_unseen", language, here.config.exchange.rest_url)
        finally:
            connection.close()
    _tell(here, born, str(place / aside))


def _tell(here: CliContext, born: Identity, moved: str) -> None:
    if here.json:
        with Reader.open(here.state) as reader:
            ledger = Ledger()
            ledger.catch_up(reader)
        facts = {"state": str(here.state), "aside": moved, "birth": born.id}
        seen = account.look(ledger, born.former)
        shown = to_plain(seen) if seen else None
        click.echo(json_text({**facts, "former": list(born.former), "account": shown}))
        return
    click.echo(say("rebuilt", here.language, path=str(here.state)))
    click.echo(say("moved_aside", here.language, path=moved))
    click.echo(here.desk().look(ShowBalance()))
    click.echo(say("rebuilt_adopt", here.language))
    click.echo(say("entries_paused", here.language))


def refuse_sound(place: Path, language: str) -> None:
    """A sound ledger knows more than the exchange. Raises UserError."""
    if not verify(place, folds()):
        raise _refused("rebuild_sound", language, str(place))


def former_of(place: Path, born: Identity, language: str) -> tuple[str, ...]:
    """Ids of the ledgers that were here, where they can be read. UserError of another account."""
    try:
        old = identity.read_mark(place)
    except Damaged:
        return ()
    if (old.mode, old.account) != (born.mode, born.account):
        raise _refused("rebuild_other", language, str(place))
    return (old.id, *old.former)


def _refused(key: str, language: str, where: str) -> UserError:
    return UserError(say(key, language), where, "", say(f"{key}_todo", language))
