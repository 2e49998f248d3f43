import { Socket } from 'node:net';
import { beforeEach, expect, test } from 'vitest';
import { CallerSockets } from './caller-sockets.ts';

let sockets: CallerSockets;
let socket: Socket;
beforeEach(() => {
  sockets = new CallerSockets();
  socket = new Socket();
});

const isClosed = (credential: string): boolean => {
  sockets.close(credential);
  return socket.destroyed;
};

test('one that waits between two requests belongs to the last token', () => {
  sockets.note(socket, 'token 1')();
  sockets.note(socket, 'token 2')();
  expect(isClosed('token 1')).toBe(false);
  expect(isClosed('token 2')).toBe(true);
});

test('a request that is still open is closed, whoever sent another one after it', () => {
  sockets.note(socket, 'token 1');
  sockets.note(socket, 'token 2')();
  sockets.note(socket, undefined)();
  expect(isClosed('token 2')).toBe(false);
  expect(isClosed('token 1')).toBe(true);
});

test('of two open requests with one token, one may end', () => {
  sockets.note(socket, 'token 1')();
  const ended = sockets.note(socket, 'token 1');
  sockets.note(socket, 'token 1');
  sockets.note(socket, undefined);
  ended();
  expect(isClosed('token 1')).toBe(true);
});

test('without a token there is nothing to close', () => {
  sockets.note(socket, undefined)();
  sockets.note(socket, 'token 1')();
  sockets.note(socket, undefined)();
  expect(isClosed('token 1')).toBe(false);
});
