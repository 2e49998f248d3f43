import type { Socket } from 'node:net';

/** What a connection carries. */
interface Carried {
  /** What its newest request came with. */
  last: string | undefined;
  /** Those of the requests that are not answered yet: a client may send the next one before. */
  readonly open: string[];
}

/** Which connection serves which token, or sign-in, so that what is open with it can be closed. */
export class CallerSockets {
  readonly #carried = new Map<Socket, Carried>();

  /**
   * That connection carries a request with that credential now; undefined: with none.
   * @returns to be called when it is answered
   */
  note(socket: Socket, credential: string | undefined): () => void {
    const carried = this.#carried.get(socket);
    if (carried !== undefined) carried.last = credential;
    if (credential === undefined) return () => {};
    const { open } = carried ?? this.#keep(socket, credential);
    open.push(credential);
    return () => {
      const place = open.indexOf(credential);
      if (place >= 0) open.splice(place, 1);
    };
  }

  /** Hang up on whoever came with that. */
  close(credential: string): void {
    for (const [socket, { last, open }] of this.#carried)
      if (last === credential || open.includes(credential)) socket.destroy();
  }

  #keep(socket: Socket, credential: string): Carried {
    const carried = { last: credential, open: [] };
    this.#carried.set(socket, carried);
    socket.once('close', () => this.#carried.delete(socket));
    return carried;
  }
}
