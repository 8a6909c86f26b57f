"""The tutorial's chat server, on today's `websockets`: what Papo's plain-text protocol is compared with.

It answers as the article's did, line for line, its habits included: quotes that do not close drop the
client, an empty message ends it, a private message is joined again from shell words.
"""

import shlex
import time

from websockets.exceptions import ConnectionClosed

GREETING = (
    "Bem vindo ao servidor de chat escrito em Python 3.4 com asyncio e WebSockets. "
    "Identifique-se com /nome SeuNome"
)


class Room:
    """Everybody who is connected, with the name of each, or None."""

    def __init__(self):
        self.names = {}

    async def handle(self, client):
        """The life of one client; for `websockets.asyncio.server.serve`."""
        self.names[client] = None
        try:
            await client.send(GREETING)
            while line := await client.recv():
                await self.read(client, line)
        except (ConnectionClosed, ValueError):
            pass  # It went away, or its quotes did not close.
        finally:
            del self.names[client]

    async def read(self, client, line):
        if line.strip().startswith("/"):
            answer = await self.command(client, shlex.split(line.strip()[1:]))
            if answer:
                await client.send(answer)
        elif self.names[client]:
            for other in [other for other in self.names if other is not client]:
                await send(other, f"{self.names[client]} >> {line}")
        else:
            await client.send("Identifique-se para enviar mensagens. Use o comando /nome SeuNome")

    async def command(self, client, words):
        """What the client is answered, if anything."""
        if not words:
            return "Comando inválido"
        match words[0].lower():
            case "horas":
                return time.strftime("Hora atual: %H:%M:%S")
            case "data":
                return time.strftime("Data atual: %d/%m/%y")
            case "clientes":
                return f"{len(self.names)} clientes conectados"
            case "nome":
                return self.rename(client, words[1:])
            case "apenas":
                return await self.private(client, words[1:])
        return "Comando desconhecido"

    def rename(self, client, arguments):
        if not arguments or arguments[0] in self.names.values():
            return "Nome em uso ou inválido. Escolha um outro."
        self.names[client] = arguments[0]
        return f"Nome alterado com sucesso para {arguments[0]}"

    async def private(self, client, arguments):
        if len(arguments) < 2:
            return "Comando incorreto. /apenas Destinatário mensagem"
        recipient, text = arguments[0], " ".join(arguments[1:])
        for other, name in self.names.items():
            if name == recipient and other is not client:
                await send(other, f"PRIVADO de {self.names[client]} >> {text}")
                return None
        return f"Destinatário {recipient} não encontrado. Mensagem não enviada."


async def send(client, line):
    """Sends a line to somebody who may be on the way out."""
    try:
        await client.send(line)
    except ConnectionClosed:
        pass
