import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { bareAnswer } from './broken-request.ts';

/** How long one that is refused may take the answer, in milliseconds. */
const lingerMs = 1_000;

/** Take at most so many connections. One more is told so, and nothing that it says is read. */
export function limitConnections(server: Server, max: number): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  let open = 0;
  server.on('connection', (socket: Socket) => {
    if (open >= max) return refuse(socket, max);
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
    for (const listener of listeners) listener.call(server, socket);
  });
}

function refuse(socket: Socket, max: number): void {
  socket.on('error', () => {});
  // What it has sent is let run away: with something unread in it, closing would take the answer back.
  socket.resume();
  const words = `The gateway has ${max} connections already (GATEWAY_MAX_CONNECTIONS). Try again later.`;
  socket.end(bareAnswer(503, words));
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
}
