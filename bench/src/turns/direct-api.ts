import type { FakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { postForEvents } from '../http-stream.ts';
import type { Contender, Sample } from './contender.ts';

const headers = { 'x-api-key': 'sk-ant-test', 'anthropic-version': '2023-06-01' };

/**
 * The API called directly, with a request that the CLI made: the time that the model itself takes. The
 * CLI must have made one before.
 */
export const directApi = (fake: FakeAnthropic): Contender => ({
  id: 'api',
  label: 'API called directly',
  perRound: 5,
  sample: async () => [await call(fake.url, lastRequest(fake))],
});

function lastRequest(fake: FakeAnthropic): unknown {
  const last = fake.requests.findLast(({ conversation }) => conversation !== undefined);
  if (last === undefined) throw new Error('the CLI has made no request yet');
  return last.body;
}

async function call(url: string, body: unknown): Promise<Sample> {
  const sentAt = performance.now();
  let firstMs: number | undefined;
  const onData = ({ data, at }: { data: string; at: number }): void => {
    if (data.includes('"text_delta"')) firstMs ??= at - sentAt;
  };
  await postForEvents(`${url}/v1/messages`, body, onData, headers);
  if (firstMs === undefined) throw new Error('the API sent no text');
  return { firstMs, wholeMs: performance.now() - sentAt };
}
