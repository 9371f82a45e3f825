"""``completion``: what makes a shell complete our verbs and options, as a script to be read in."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import click
from click.shell_completion import get_completion_class

NAME = "jangbu"  # the command that is completed; the script makes it where there is none
SHELLS = ("bash", "zsh", "fish")
PROGRAM = Path(__file__).parents[2] / "run.py"
VARIABLE = "_RUN_PY_COMPLETE"  # click's, for the name under which the command line runs
MADE = {  # the command itself, as a function
    "fish": "if not type -q {name}; function {name}; {command} $argv; end; end\n",
    "bash": 'type {name} > /dev/null 2>&1 || {name}() {{ {command} "$@"; }}\n',
    "zsh": '(( $+commands[{name}] )) || {name}() {{ {command} "$@"; }}\n',
}


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """A script for your shell: it makes the command jangbu, and completes it.

    In ~/.bashrc: eval "$(python run.py completion bash)"; in ~/.zshrc the same with zsh; in
    config.fish: python run.py completion fish | source
    """
    click.echo(script(shell), nl=False)


def script(shell: str, program: Path = PROGRAM) -> str:
    """click's own script for this shell, calling this interpreter with this program."""
    from interfaces.cli import jangbu

    found = get_completion_class(shell)
    assert found is not None
    command = shlex.join([sys.executable, str(program)])
    made = found(jangbu, {}, NAME, VARIABLE)
    text = made.source_template % made.source_vars()
    text = re.sub(r"^ *\(\( ! \$\+commands\[.*\n", "", text, flags=re.M)  # it may be a function
    text = re.sub(rf"({shell}_complete.*?) (?:\$1|{NAME})(?=\)|;)", rf"\1 {command}", text, count=1)
    head, _, rest = text.partition("\n") if text.startswith("#compdef") else ("", "", text)
    first = f"{head}\n" if head else ""
    return f"{first}{MADE[shell].format(name=NAME, command=command)}{rest.rstrip()}\n"
