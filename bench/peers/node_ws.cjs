// The same chat on Node's `ws`: one send for each receiver.

const { WebSocketServer, WebSocket } = require("ws");

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });
const byName = new Map();

function read(client, line) {
  if (line.startsWith("/nome ")) {
    const name = line.slice("/nome ".length);
    if (byName.has(name)) return client.send("Nome em uso ou inválido. Escolha um outro.");
    byName.delete(client.name);
    client.name = name;
    byName.set(name, client);
    client.send(`Nome alterado com sucesso para ${name}`);
  } else if (line.startsWith("/apenas ")) {
    const [, recipient, text] = line.match(/^\/apenas (\S+) (.*)$/);
    byName.get(recipient)?.send(`PRIVADO de ${client.name} >> ${text}`);
  } else if (client.name) {
    const said = `${client.name} >> ${line}`;
    for (const other of server.clients) {
      if (other !== client && other.readyState === WebSocket.OPEN) other.send(said);
    }
  } else {
    client.send("Identifique-se para enviar mensagens. Use o comando /nome SeuNome");
  }
}

server.on("connection", (client) => {
  client.on("message", (data) => read(client, data.toString()));
  client.on("error", () => {});
  client.on("close", () => byName.delete(client.name));
  client.send("Bem vindo. Identifique-se com /nome SeuNome");
});

server.on("listening", () => console.log(`http://127.0.0.1:${server.address().port}`));
