/** A WebSocket and its wire, for tests of RoomSocket: the server's side is played by hand. */

export class FakeSocket {
  constructor(url) {
    this.url = url;
    this.readyState = 0;
    this.sent = [];
    this.closedWith = null;
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }

  /** The upgrade succeeded. */
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }

  /** The server says this. */
  say(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** The connection is gone. */
  lose(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  of(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

export class FakeWire {
  constructor(random = 0.5) {
    this.url = 'ws://test/ws';
    this.sockets = [];
    this.random = () => random;
    this.askSession = async () => {};
    this.open = (url) => {
      this.sockets.push(new FakeSocket(url));
      return this.last;
    };
  }

  get last() {
    return this.sockets.at(-1);
  }
}

export const joined = (more = {}) => ({
  type: 'joined',
  room: 'map/x',
  now: 0,
  you: { id: 'g_1', name: '하늘', kind: 'guest', host: false },
  people: [],
  ice_servers: [{ urls: ['turn:turn.example.org'], username: '1:g_1', credential: 'c' }],
  chat: [],
  ...more,
});
