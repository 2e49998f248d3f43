import { TurnEvent } from '@mini-claude-bot/contract';

/** An event as a browser's EventSource sees it. */
export interface Numbered {
  readonly id: string | undefined;
  readonly event: TurnEvent;
}

/** A turn followed by its id. */
export interface NumberedStream {
  /** The next so many events; the connection is cut after them. */
  readonly take: (count: number) => Promise<Numbered[]>;
  /** All events up to the end. */
  readonly all: () => Promise<Numbered[]>;
}

export async function openNumbered(
  url: string,
  turn: string,
  lastEventId?: string,
): Promise<NumberedStream> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/gateway/turns/${turn}/events`, {
    headers: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
    signal: abort.signal,
  });
  const take = async (count: number): Promise<Numbered[]> => {
    const taken: Numbered[] = [];
    if (count === 0) return taken;
    for await (const numbered of read(response)) {
      taken.push(numbered);
      if (taken.length === count) break;
    }
    abort.abort();
    return taken;
  };
  return { take, all: () => take(Number.POSITIVE_INFINITY) };
}

async function* read(response: Response): AsyncGenerator<Numbered> {
  let rest = '';
  let id: string | undefined;
  for await (const chunk of response.body ?? []) {
    const lines = (rest + Buffer.from(chunk).toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = Buffer.from(line, 'latin1').toString('utf8');
      if (text.startsWith('id: ')) id = text.slice(4);
      if (!text.startsWith('data: ')) continue;
      yield { id, event: TurnEvent.parse(JSON.parse(text.slice(6))) };
      id = undefined;
    }
  }
}
