import { Agent, type IncomingMessage, request } from 'node:http';

const agent = new Agent({ keepAlive: true });

/** Nothing that is measured takes so long: whatever does is stuck. */
const limitMs = 60_000;

/** What a line of the stream said, and when it was here (`performance.now()`). */
export interface Arrival {
  readonly data: string;
  readonly at: number;
}

/** A request: a POST where it has a body, else a GET. */
export interface Call {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Make a request and take the answer as it comes.
 * @throws when the status is not 200
 */
export async function open(url: string, { body, headers, signal }: Call): Promise<IncomingMessage> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const form = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(text)),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request(url, {
      agent,
      signal,
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...(body === undefined ? {} : form), ...headers },
    });
    call.on('error', reject);
    call.on('response', resolve);
    call.end(text);
  });
  if (response.statusCode === 200) return response;
  const words = await textOf(response);
  throw new Error(`${url} answered ${response.statusCode}: ${words.slice(0, 300)}`);
}

const post = (
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<IncomingMessage> => open(url, { body, headers, signal: AbortSignal.timeout(limitMs) });

/** The whole answer. */
export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** POST, and the whole answer as JSON. */
export async function postJson(url: string, body: unknown): Promise<unknown> {
  return JSON.parse(await textOf(await post(url, body)));
}

/** POST, and each `data` line of the event stream that answers, at the moment that it is here. */
export async function postForEvents(
  url: string,
  body: unknown,
  onData: (arrival: Arrival) => void,
  headers?: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await post(url, body, headers);
  let rest = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    const at = performance.now();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: ')) onData({ data: line.slice(6), at });
  });
  await new Promise<void>((resolve, reject) => {
    response.on('end', resolve);
    response.on('error', reject);
  });
}
