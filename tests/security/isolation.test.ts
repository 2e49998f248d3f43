import { type Operation, type OperationId, operations, placeOf } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { addDelivery } from '../support/add-delivery.ts';
import { examplesOf, validValue } from '../support/arbitrary-input.ts';
import { EmbeddingServer } from '../support/embedding-server.ts';
import { answerText } from '../support/endless.ts';
import { untilIndexed } from '../support/indexes.ts';
import { noClaude } from '../support/no-claude.ts';
import { operationRequest } from '../support/operation-request.ts';
import { bearer } from '../support/raw-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

const all = Object.entries<Operation>(operations);
const ofBots = all.filter(([, { access }]) => access === 'bot').map(([, operation]) => operation);
const ofOwners = all
  .filter(([, { access }]) => access === 'owner')
  .map(([, operation]) => operation);

/** These answer everybody: each was looked at, and tells nothing of a bot. A new one belongs here only then. */
const ofAnyone: readonly OperationId[] = [
  'ping',
  'health',
  'previewCron',
  // Of the caller alone.
  'signIn',
  'whoAmI',
  'signOut',
];

/** In everything that the victim wrote; nothing else has it. */
const mark = 'zq7victim';

/** Names that both bots use, so that only the bot tells their things apart. */
const shared = ['1', '2', 'notes'];

type Input = Readonly<Record<string, unknown>>;

let gateway: TestGateway;
let embeddings: EmbeddingServer;
let victim: string;
let stranger: string;
/** Has a little of its own, from before the victim had anything, and does nothing more. */
let bystander: string;
/** Everything that the stranger has ever sent: what it names itself may come back to it. */
let sentByStranger = '';
/** What the victim's own answers name, by what kind of thing it is. */
let ids: { readonly numbers: number[]; readonly texts: string[] };

beforeAll(async () => {
  embeddings = await EmbeddingServer.atFreePort();
  await embeddings.start();
  gateway = await startTestGateway({ env: { ...noClaude, ...embeddings.env } });
  const make = async (name: string) =>
    (await gateway.client.call(operations.createToken, { name, bot_id: name })).token;
  victim = await make('victim');
  stranger = await make('stranger');
  bystander = await make('bystander');
  await ask(bystander, operations.sendMessage, { chat_id: 'own', message: 'hi' });
  for (const botId of ['stranger', 'bystander']) addDelivery(gateway.home, { botId, dead: true });
  for (const chatId of shared)
    addDelivery(gateway.home, { botId: 'victim', chatId, text: `Done: ${mark}`, dead: true });
  const seen: string[] = [];
  const fill = async (operation: Operation) => {
    const inputs = fc.sample(
      inputOf(operation, () => fc.constant(mark)),
      { numRuns: 8, seed: 1 },
    );
    // With the least of filters, too: they leave nothing out.
    for (const input of [leastInput(operation), ...inputs])
      seen.push((await ask(victim, operation, input)).text);
  };
  // Twice: what was made by then is what the second round finds. Nothing is ended.
  for (let round = 0; round < 2; round += 1)
    for (const operation of ofBots) if (!ends(operation)) await fill(operation);
  ids = harvest(seen);
});
afterAll(async () => {
  await gateway.stop();
  await embeddings.stop();
});

const ends = ({ id, method }: Operation): boolean =>
  method === 'DELETE' || /^(stop|cancel|reset|cleanup|clear|delete|end)/.test(id);

/** @param free values for text that is no name of something */
function inputOf(
  operation: Operation,
  free: () => fc.Arbitrary<unknown>,
  names: fc.Arbitrary<unknown> = fc.constantFrom(...shared),
): fc.Arbitrary<Input> {
  const fields = Object.entries(operation.input.shape).map(([name, type]) => {
    const values = validValue(type);
    if (name === 'bot_id') return [name, fc.constant(undefined)];
    // Only a free text takes the mark; where the schema is stricter its own values stay.
    const takes = type._zod.run({ value: mark, issues: [] }, { async: false });
    const isFree = 'issues' in takes && takes.issues.length === 0;
    if (!isFree || examplesOf(type).length > 0) return [name, values];
    return [name, /(^|_)id$|^name$/.test(name) ? names : free()];
  });
  return fc.record(Object.fromEntries(fields));
}

async function ask(
  token: string,
  operation: Operation,
  input: Input,
): Promise<{ status: number; text: string; sent: string }> {
  const { method, path, headers, body } = operationRequest(operation, input);
  const sent = decodeURIComponent(path) + (body ?? '');
  if (token === stranger) sentByStranger += `${sent}\n`;
  const response = await fetch(gateway.url + path, {
    method,
    headers: { ...headers, ...bearer(token) },
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, text: await answerText(response), sent };
}

const Row = z.record(z.string(), z.unknown());

/** Values of `id`, `…_id` and the like, anywhere in some answers; of a stream, in its events. */
function harvest(answers: readonly string[]): typeof ids {
  const numbers = new Set<number>();
  const texts = new Set<string>();
  const visit = (value: unknown, name: string): void => {
    if (Array.isArray(value)) for (const item of value) visit(item, name);
    const row = Array.isArray(value) ? undefined : Row.safeParse(value).data;
    for (const [key, inner] of Object.entries(row ?? {})) visit(inner, key);
    if (name !== 'bot_id' && /id$/.test(name) && typeof value === 'number') numbers.add(value);
    if (
      typeof value === 'string' &&
      value !== '' &&
      (/id$/.test(name) || /^[\da-f-]{36}$/.test(value))
    )
      texts.add(value);
  };
  for (const answer of answers)
    for (const line of answer.split('\n'))
      try {
        visit(JSON.parse(line.replace(/^data: /, '')), '');
      } catch {
        // A line that is no value has no ids.
      }
  texts.delete('victim');
  return { numbers: [...numbers], texts: [...texts] };
}

/** What an operation needs, and nothing else. */
function leastInput(operation: Operation): Input {
  const inputs = inputOf(operation, () => fc.constant('x'), fc.constant('nowhere'));
  const [input = {}] = fc.sample(inputs, { numRuns: 1, seed: 1 });
  const needed = Object.entries(input).filter(
    ([name]) => operation.input.shape[name]?._zod.optin === undefined,
  );
  return Object.fromEntries(needed);
}

/** Everything that the victim can see of its own, less what changes with time alone. */
async function viewOfVictim(): Promise<string> {
  const lists = ofBots.filter(
    ({ method, path, output }) => method === 'GET' && !path.includes('{') && output.kind === 'json',
  );
  // How far the indexes are is a matter of time.
  await untilIndexed(gateway);
  const views: unknown[] = [];
  for (const operation of lists) {
    views.push([operation.id, (await ask(victim, operation, leastInput(operation))).text]);
  }
  return JSON.stringify(views).replace(
    /\\"(idle_seconds|busy_seconds|elapsed_seconds|idle_hours)\\":[\d.]+/g,
    '',
  );
}

function operationAt(place: number): Operation {
  const operation = ofBots[place];
  if (operation === undefined) throw new Error(`there is no operation ${place}`);
  return operation;
}

/** Free text of the stranger's; where things are named, names of the victim's things too. */
function attack(operation: Operation): fc.Arbitrary<Input> {
  const texts = fc.constantFrom(...shared, ...ids.texts, mark.slice(2));
  const names = fc.oneof(texts, fc.string({ minLength: 1, maxLength: 10 }));
  const free = () => fc.oneof(fc.constant('stranger'), texts);
  return inputOf(operation, free, names).chain((input) => {
    const stolen = Object.keys(input).flatMap((name) => {
      if (!/(^|_)id$|^before$/.test(name) || name === 'bot_id') return [];
      const type = operation.input.shape[name];
      const fitting = [...ids.numbers, ...ids.texts].filter(
        (id) => type !== undefined && z.object({ id: type as z.ZodType }).safeParse({ id }).success,
      );
      return fitting.length === 0
        ? []
        : [[name, fc.option(fc.constantFrom(...fitting), { freq: 4, nil: input[name] })]];
    });
    return fc.record({
      ...Object.fromEntries(
        Object.entries(input).map(([name, value]) => [name, fc.constant(value)]),
      ),
      ...Object.fromEntries(stolen),
    });
  });
}

test('there is something to find, for every kind of thing', () => {
  expect(ids.numbers.length).toBeGreaterThan(0);
  expect(ids.texts.length).toBeGreaterThan(5);
});

test('whoever asks, what answers anyone tells nothing of a bot', () => {
  const said = all.filter(([, { access }]) => access === 'anyone').map(([id]) => id);
  expect(said.toSorted()).toEqual([...ofAnyone].toSorted());
});

describe('what concerns all bots is not for one that is bound', () => {
  test.each(ofOwners.map((operation) => [operation.id, operation] as const))(
    '%s',
    async (_id, operation) => {
      const answers = new Set<string>();
      for (const input of fc.sample(
        inputOf(operation, () => fc.string()),
        5,
      )) {
        const { status, text } = await ask(stranger, operation, input);
        expect(status).toBe(403);
        answers.add(text);
      }
      // Not even whether there is such a thing.
      expect(answers.size).toBe(1);
    },
  );
});

test('nothing of a bot shows up for another, nor changes by it', { timeout: 240_000 }, async () => {
  const before = await viewOfVictim();
  expect(before).toContain(mark);
  const step = fc
    .nat(ofBots.length - 1)
    .chain((at) => attack(operationAt(at)).map((input) => ({ at, input })));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const { at, input } of steps) {
        const operation = operationAt(at);
        const { status, text, sent } = await ask(stranger, operation, input);
        const what = `${operation.id} ${sent} → ${status} ${text.slice(0, 400)}`;
        expect(status, what).not.toBe(500);
        expect(text, what).not.toContain(mark);
        expect(text, what).not.toContain('"victim"');
        const told = ids.texts.filter((id) => id.length > 20 && text.includes(id));
        expect(
          told.filter((id) => !sentByStranger.includes(id)),
          what,
        ).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
  expect(await viewOfVictim()).toBe(before);
});

test('naming another bot is refused, in the same words whether there is one or not', async () => {
  for (const operation of ofBots) {
    if (!Object.hasOwn(operation.input.shape, 'bot_id')) continue;
    for (const input of fc.sample(attack(operation), 5)) {
      const foreign = await ask(stranger, operation, { ...input, bot_id: 'victim' });
      const unknown = await ask(stranger, operation, { ...input, bot_id: 'nobody' });
      expect(foreign.status, `${operation.id} ${foreign.sent}`).toBe(403);
      expect(foreign.text).toBe(unknown.text);
    }
  }
});

test('an id of another bot looks as one that nobody has', async () => {
  const madeUp = { number: 987_654_321, text: '0195f0f4-6f5c-4a53-9a59-3a1d2f4e5b6c' };
  let compared = 0;
  for (const operation of ofBots) {
    for (const name of Object.keys(operation.input.shape)) {
      const place = placeOf(operation, name);
      if (name === 'bot_id' || name === 'chat_id' || place === 'body') continue;
      const type = operation.input.shape[name];
      if (type === undefined || !(place === 'path' || /(^|_)id$|^before$/.test(name))) continue;
      const fits = (id: unknown) => z.object({ id: type as z.ZodType }).safeParse({ id }).success;
      const unknownId = fits(madeUp.number) ? madeUp.number : madeUp.text;
      if (!fits(unknownId)) continue;
      const foreign = [...ids.numbers, ...ids.texts].filter(
        (id) => id !== '' && fits(id) && !shared.includes(String(id)),
      );
      const input = leastInput(operation);
      const asked = async (id: unknown) => {
        const { status, text } = await ask(bystander, operation, { ...input, [name]: id });
        // First the times, which may happen to have the digits of an id in them.
        const timeless = text.replace(
          /"(\w+_at|\w*last_active|\w+_seconds)":([\d.]+|"[^"]*")/g,
          '',
        );
        return `${status} ${timeless.replaceAll(String(id), 'ID')}`;
      };
      const unknown = await asked(unknownId);
      for (const id of foreign.slice(0, 300)) {
        expect(await asked(id), `${operation.id} ${name} ${id}`).toBe(unknown);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(10);
});

test('how rare a word is among all bots tells nobody anything', async () => {
  const text = 'the zeppelin lands at noon';
  await ask(stranger, operations.addChatMessage, { session_id: 'z', role: 'user', content: text });
  await ask(stranger, operations.addMemory, { key: 'z', content: text });
  await untilIndexed(gateway);
  const explained = async () => {
    const input = { q: 'zeppelin noon', mode: 'text', explain: true };
    const chat = await ask(stranger, operations.searchChat, input);
    const memory = await ask(stranger, operations.searchMemories, input);
    expect(chat.text).toContain('bm25');
    expect(memory.text).toContain('bm25');
    return [chat.text, memory.text].map((answer) =>
      answer.replace(/"(score|recency)":[\d.]+/g, ''),
    );
  };
  const before = await explained();
  for (let index = 0; index < 20; index += 1) {
    const content = `${text}, said ${index}`;
    await ask(victim, operations.addChatMessage, { session_id: 'z', role: 'user', content });
    await ask(victim, operations.addMemory, { key: `zeppelin ${index}`, content });
  }
  await untilIndexed(gateway);
  expect(await explained()).toEqual(before);
});

test('counts are of its own: how much the others do is not told', async () => {
  const health = await ask(stranger, operations.health, {});
  expect(JSON.parse(health.text)).toMatchObject({ active_sessions: 0 });
  const status = await ask(stranger, operations.queueStatus, { chat_id: '1' });
  expect(JSON.parse(status.text)).toMatchObject({ busy: false, slots_used: 0, queue_length: 0 });
});
