"""Plays random sessions against Papo and against the tutorial's server, and compares every line.

    python compare.py ws://127.0.0.1:8765 --seed 1 --sessions 20 --steps 60

Papo must run with `--pace off`. Left out are only inputs in which Papo differs on purpose (names it
refuses, quotes that do not close, private messages with quotes or blanks in a row, blank lines, `//`). A
failure prints the seed, what was played, and both answers.
"""

import argparse
import asyncio
import random
import re
import sys

from article_server import Room
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

NAMES = ["Ana", "Bia", "Caio", "Davi", "Eva Maria", "José", "李明", "#7", "o'Neill", "x" * 32]
TEXTS = ["oi", "Olá todos!", "  blanks  dos lados  ", "<b>não</b>", "d'água", '"aspas', "a\\b", "日本語 🐸", "# 1", "x" * 4000]
PRIVATE = ["oi", "Olá 1", "três palavras juntas", "<i>x</i>", "#1 lugar", '"oi   tudo"', "água é 水"]
COMMANDS = ["/", "  /  ", "/horas", "/HORAS agora", "/ data", "/dance", "/nome", "/apenas",
            "/apenas Ana", '/""', "  /horas  ", "/'ho'ras", "/ho\\ras"]
TRIES = 1000
SESSION_SECONDS_MAX = 60  # A line that never comes is a difference too.


def quoted(name):
    """A name as one shell word."""
    return "'" + name.replace("'", "'\"'\"'") + "'"


class Stage:
    """One server, and the clients that are connected to it."""

    def __init__(self, url):
        self.url = url
        self.clients = {}

    async def step(self, action):
        """Does one thing; gives what each client was sent by then, in order."""
        kind, who, line = action
        if kind == "connect":
            self.clients[who] = await connect(self.url)
        elif kind == "leave":
            await self.clients.pop(who).close()
        else:
            await self.clients[who].send(line)
            # Answered after whatever the line led to, so that the others have it too.
            heard = await self.heard_until_answer(who)
        lines = {who: heard} if kind == "say" else {}
        for other in self.clients:
            if other not in lines:
                lines[other] = await self.heard_until_answer(other)
        return lines

    async def heard_until_answer(self, who):
        """What a client has heard before it is told that everybody is counted."""
        client, lines = self.clients[who], []
        for _ in range(TRIES):
            await client.send("/clientes")
            while not re.fullmatch(r"\d+ clientes conectados", line := await client.recv()):
                lines.append(normal(line))
            # Somebody who has just left may be counted for a moment still.
            if line == f"{len(self.clients)} clientes conectados":
                return lines
        raise AssertionError(f"{self.url} counts {line}, there are {len(self.clients)}")


def normal(line):
    """A line without what two servers can't have alike: the time, and what the server is written in."""
    line = re.sub(r"^(Hora atual: )\d\d:\d\d:\d\d$", r"\1HH:MM:SS", line)
    return re.sub(r"(escrito em ).*?( e WebSockets)", r"\1…\2", line)


def next_action(rng, connected, named):
    """Something that somebody does."""
    absent = [who for who in range(6) if who not in connected]
    if not connected or (absent and rng.random() < 0.12):
        return ("connect", absent[0], None)
    who = rng.choice(sorted(connected))
    kind = rng.random()
    if kind < 0.05 and len(connected) > 1:
        return ("leave", who, None)
    if kind < 0.25:
        return ("say", who, f"/nome {quoted(rng.choice(NAMES))}{rng.choice(['', ' e mais'])}")
    if kind < 0.45:
        return ("say", who, rng.choice(COMMANDS))
    if kind < 0.65 and who in named:
        return ("say", who, f"/apenas {quoted(rng.choice(NAMES))} {rng.choice(PRIVATE)}")
    return ("say", who, rng.choice(TEXTS))


async def play(rng, steps, article, papo):
    """One random session on both; stops at the first line that differs."""
    connected, named, played = set(), set(), []
    for _ in range(steps):
        action = next_action(rng, connected, named)
        kind, who, line = action
        played.append(action)
        {"connect": connected.add, "leave": connected.discard}.get(kind, lambda _: None)(who)
        heard = await asyncio.gather(article.step(action), papo.step(action))
        if heard[0] != heard[1]:
            for action in played:
                print("played:", action)
            print("article:", heard[0])
            print("papo:   ", heard[1])
            return False
        if kind == "leave":
            named.discard(who)
        if any(text.startswith("Nome alterado") for text in heard[1].get(who, [])):
            named.add(who)
    for stage in (article, papo):
        for client in stage.clients.values():
            await client.close()
    return True


async def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("papo", help="the URL of a papo that runs with --pace off")
    arguments.add_argument("--seed", type=int, default=random.randrange(2**32))
    arguments.add_argument("--sessions", type=int, default=20)
    arguments.add_argument("--steps", type=int, default=60)
    options = arguments.parse_args()
    rng = random.Random(options.seed)
    async with serve(Room().handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for session in range(options.sessions):
            article, papo = Stage(f"ws://127.0.0.1:{port}"), Stage(options.papo)
            async with asyncio.timeout(SESSION_SECONDS_MAX):
                same = await play(rng, options.steps, article, papo)
            if not same:
                print(f"differs in session {session + 1}; seed {options.seed}")
                sys.exit(1)
    print(f"{options.sessions} sessions of {options.steps} steps, the same lines; seed {options.seed}")


asyncio.run(main())
