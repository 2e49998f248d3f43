import { TurnEvent } from '@mini-claude-bot/contract';

/** A message's stream, read by hand as a line-based client does. */
export interface RawStream {
  readonly status: number;
  readonly headers: Headers;
  /** Events as they come. */
  readonly events: () => AsyncGenerator<TurnEvent>;
  /** Every line that came, comments and blank ones included. */
  readonly lines: string[];
  /** Go away. */
  readonly leave: () => void;
}

export async function openStream(url: string, body: object): Promise<RawStream> {
  const abort = new AbortController();
  const response = await fetch(`${url}/api/gateway/send-stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: abort.signal,
  });
  const lines: string[] = [];
  async function* events(): AsyncGenerator<TurnEvent> {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const parts = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) {
        lines.push(line);
        if (line.startsWith('data: ')) yield TurnEvent.parse(JSON.parse(line.slice(6)));
      }
    }
  }
  return {
    status: response.status,
    headers: response.headers,
    events,
    lines,
    leave: () => abort.abort(),
  };
}

/** The events that are left, and the end. */
export async function rest(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const collected: TurnEvent[] = [];
  for await (const event of events) collected.push(event);
  return collected;
}

/** All events of a message's stream. */
export async function readStream(url: string, body: object): Promise<TurnEvent[]> {
  return rest((await openStream(url, body)).events());
}

/** What a reader has in hand after some events: text joined, begun anew where it was told so. */
export function textOf(events: readonly TurnEvent[]): string {
  let text = '';
  for (const event of events) {
    if (event.type === 'restart') text = '';
    if (event.type === 'text') text += event.content;
  }
  return text;
}
