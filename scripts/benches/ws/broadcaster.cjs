// What the hub is compared with, too: the messages of broadcaster.py, by ws on Node.js.
//
//     NODE_PATH=<where ws is> node broadcaster.cjs PORT
'use strict';

const http = require('node:http');
const { WebSocketServer } = require('ws');

const TICK = 50;
const rooms = new Map();
let names = 0;

function broadcast(room, message) {
  const text = JSON.stringify(message);
  for (const socket of room.sockets) socket.send(text);
}

function enter(name) {
  let room = rooms.get(name);
  if (room === undefined) {
    room = { sockets: new Set(), looks: {} };
    rooms.set(name, room);
    setInterval(() => tick(room), TICK);
  }
  return room;
}

function tick(room) {
  const people = room.looks;
  room.looks = {};
  if (Object.keys(people).length > 0) broadcast(room, { type: 'presence', people });
}

function serve(socket) {
  names += 1;
  const name = `g_${String(names).padStart(22, '0')}`;
  let room = null;
  socket.on('close', () => room?.sockets.delete(socket));
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'join') {
      room = enter(message.room);
      room.sockets.add(socket);
      socket.send('{"type":"joined"}');
    } else if (message.type === 'look') {
      room.looks[name] = { at: message.at };
    } else if (message.type === 'chat') {
      const chat = { id: 'c-1', from: { id: name, name }, text: message.text };
      broadcast(room, { type: 'chatted', chat });
    }
  });
}

const server = http.createServer((_request, response) => response.end('ready'));
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', serve);
server.listen(Number(process.argv[2]), '127.0.0.1');
