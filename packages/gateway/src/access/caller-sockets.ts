import type { Socket } from 'node:net';

/** Which connection serves which token, so that what is open with a token can be closed. */
export class CallerSockets {
  /** The token of the request that each connection carries, or carried last. */
  readonly #tokens = new Map<Socket, number | undefined>();

  /** That connection carries a request with that token now; undefined: with none. */
  note(socket: Socket, tokenId: number | undefined): void {
    if (!this.#tokens.has(socket)) {
      if (tokenId === undefined) return;
      socket.once('close', () => this.#tokens.delete(socket));
    }
    this.#tokens.set(socket, tokenId);
  }

  /** Hang up on whoever came with that token. */
  close(tokenId: number): void {
    for (const [socket, id] of this.#tokens) if (id === tokenId) socket.destroy();
  }
}
