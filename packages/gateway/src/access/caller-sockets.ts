import type { Socket } from 'node:net';

/** What a connection carries. */
interface Carried {
  /** The token of its newest request. */
  last: number | undefined;
  /** Those of the requests that are not answered yet: a client may send the next one before. */
  readonly open: number[];
}

/** Which connection serves which token, so that what is open with a token can be closed. */
export class CallerSockets {
  readonly #carried = new Map<Socket, Carried>();

  /**
   * That connection carries a request with that token now; undefined: with none.
   * @returns to be called when it is answered
   */
  note(socket: Socket, tokenId: number | undefined): () => void {
    const carried = this.#carried.get(socket);
    if (carried !== undefined) carried.last = tokenId;
    if (tokenId === undefined) return () => {};
    const { open } = carried ?? this.#keep(socket, tokenId);
    open.push(tokenId);
    return () => {
      const place = open.indexOf(tokenId);
      if (place >= 0) open.splice(place, 1);
    };
  }

  /** Hang up on whoever came with that token. */
  close(tokenId: number): void {
    for (const [socket, { last, open }] of this.#carried)
      if (last === tokenId || open.includes(tokenId)) socket.destroy();
  }

  #keep(socket: Socket, tokenId: number): Carried {
    const carried = { last: tokenId, open: [] };
    this.#carried.set(socket, carried);
    socket.once('close', () => this.#carried.delete(socket));
    return carried;
  }
}
