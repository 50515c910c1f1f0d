// A server of npm's ws: what it does when a session opens, its path says; it prints its port.
const { once } = require('node:events');
const { WebSocketServer } = require('ws');

const welcome = JSON.stringify({ type: 'welcome' });
const said = JSON.stringify({ type: 'said', id: 'a' });
const done = JSON.stringify({ type: 'done', id: 'a' });

const acts = {
  answers: (ws) => ws.on('message', () => { ws.send(said); ws.send(done); }),
  'answers-in-fragments': (ws) => ws.on('message', () => {
    ws.send(said.slice(0, 7), { fin: false });
    ws.ping('between');
    ws.send(said.slice(7), { fin: true });
    ws.send(done);
  }),
  'answers-in-bytes': (ws) => ws.on('message', () => { ws.send(Buffer.from(said)); ws.send(said); ws.send(done); }),
  'answers-in-no-utf-8': (ws) => ws.on('message', () => {
    ws.send(Buffer.from([0x22, 0xc3, 0x28, 0x22]), { binary: false });
    ws.send(said);
    ws.send(done);
  }),
  'closes-1000': (ws) => ws.on('message', () => { ws.send(said); ws.close(1000, 'enough'); }),
  'closes-1001': (ws) => ws.on('message', () => { ws.send(said); ws.close(1001); }),
  'closes-1011': (ws) => ws.on('message', () => { ws.send(said); ws.close(1011, 'it broke\u001b[2J'); }),
  'closes-1012': (ws) => ws.on('message', () => { ws.send(said); ws.close(1012, 'deploy'); }),
  'closes-4401': (ws) => ws.on('message', () => { ws.send(said); ws.close(4401, 'who are you'); }),
  'closes-without-a-code': (ws) => ws.on('message', () => { ws.send(said); ws.close(); }),
  'ends-tcp': (ws) => ws.on('message', () => ws.terminate()),
  'resets-tcp': (ws) => ws.on('message', () => ws._socket.resetAndDestroy()),
  'ends-tcp-in-a-message': (ws) => ws.on('message', () => { ws._socket.end(Buffer.from([0x81, 100, 0x7b, 0x22])); }),
  'sends-a-mebibyte': (ws) => ws.on('message', () => {
    ws.send(JSON.stringify({ type: 'said', id: 'a', text: 'x'.repeat(2 ** 20) }));
    ws.send(done);
  }),
  'sends-a-bomb': (ws) => ws.on('message', () => ws.send('x'.repeat(80 * 2 ** 20))),
};

async function main() {
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: true,
    handleProtocols: (offered, request) => (request.url === '/answers-no-subprotocol' ? false : [...offered][0]),
    verifyClient: ({ req }, next) => (req.url === '/forbids' ? next(false, 403, 'No') : next(true)),
  });
  server.on('connection', (ws, request) => {
    ws.on('error', () => {});
    ws.send(welcome);
    (acts[request.url.slice(1)] || acts.answers)(ws);
  });
  await once(server, 'listening');
  console.log(server.address().port);
}

main();
