// The same chat on Bun, whose `publish` (uWebSockets) encodes once for all who subscribed.

const ROOM = "geral";
const byName = new Map();

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch(request, server) {
    return server.upgrade(request, { data: {} }) ? undefined : new Response("no WebSocket", { status: 400 });
  },
  websocket: {
    perMessageDeflate: false,
    open(client) {
      client.subscribe(ROOM);
      client.send("Bem vindo. Identifique-se com /nome SeuNome");
    },
    message(client, line) {
      if (line.startsWith("/nome ")) {
        const name = line.slice("/nome ".length);
        if (byName.has(name)) return client.send("Nome em uso ou inválido. Escolha um outro.");
        byName.delete(client.data.name);
        client.data.name = name;
        byName.set(name, client);
        client.send(`Nome alterado com sucesso para ${name}`);
      } else if (line.startsWith("/apenas ")) {
        const [, recipient, text] = line.match(/^\/apenas (\S+) (.*)$/);
        byName.get(recipient)?.send(`PRIVADO de ${client.data.name} >> ${text}`);
      } else if (client.data.name) {
        client.publish(ROOM, `${client.data.name} >> ${line}`);
      } else {
        client.send("Identifique-se para enviar mensagens. Use o comando /nome SeuNome");
      }
    },
    close(client) {
      byName.delete(client.data.name);
    },
  },
});

console.log(`http://${server.hostname}:${server.port}`);
