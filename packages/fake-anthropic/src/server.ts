import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from './clock.ts';
import { Endpoints } from './endpoints.ts';
import { type IdSource, randomIds } from './ids.ts';
import { Journal, type RecordedRequest, type SentDelta } from './journal.ts';
import { createMarkerScript } from './marker-script.ts';
import type { Script } from './script.ts';

export type FakeAnthropicOptions = {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** The markers in the prompt decide, by default; see {@link createMarkerScript}. */
  readonly script?: Script;
  /** How many requests to remember, 500 by default; the oldest go first. */
  readonly keep?: number;
  /** Called in the same tick in which a delta goes to the socket. */
  readonly onDelta?: (sent: SentDelta) => void;
  readonly clock?: Clock;
  readonly ids?: IdSource;
};

export type FakeAnthropic = {
  /** For `ANTHROPIC_BASE_URL`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** What was asked so far, oldest first: a live view. */
  readonly requests: readonly RecordedRequest[];
  /**
   * Wait for a request that fits: one already recorded, or one that comes, or changes to fit, later.
   * @throws the abort reason of the signal, or an Error once the fake is closed
   */
  waitForRequest(
    fits: (request: RecordedRequest) => boolean,
    signal?: AbortSignal,
  ): Promise<RecordedRequest>;
  /** End every reply, sever every connection and stop listening. */
  close(): Promise<void>;
};

/**
 * Start a stand-in for Anthropic's Messages API on loopback.
 * @throws the listen error, for instance if the port is taken
 */
export async function startFakeAnthropic(
  options: FakeAnthropicOptions = {},
): Promise<FakeAnthropic> {
  const clock = options.clock ?? systemClock;
  const journal = new Journal({ clock, keep: options.keep ?? 500, onDelta: options.onDelta });
  const endpoints = new Endpoints({
    clock,
    journal,
    ids: options.ids ?? randomIds,
    script: options.script ?? createMarkerScript(),
  });
  const server = createServer((request, response) => {
    void endpoints.handle(request, response, goneSignal(response));
  });
  // A client that comes back after Node's 5 s would now and then meet a connection just being closed.
  server.keepAliveTimeout = 10 * 60 * 1000;
  const host = options.host ?? '127.0.0.1';
  const { port } = await listen(server, options.port ?? 0, host);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    requests: journal.requests,
    waitForRequest: (fits, signal) => journal.waitFor(fits, signal),
    close: async () => {
      journal.close();
      await stop(server);
    },
  };
}

/** Aborts once the connection closed, whether or not the response was complete. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort(new Error('the client left')));
  return gone.signal;
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address;
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
