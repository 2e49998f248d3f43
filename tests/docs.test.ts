import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { errorCodes, operations, TurnEvent } from '@mini-claude-bot/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addDelivery } from './support/add-delivery.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

interface Block {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
const blocksOf = (page: string): Block[] =>
  [...read(page).matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    text,
  }));

const prose = (page: string): string => read(page).replace(/^```[\s\S]*?^```$/gm, '');

/** What GitHub makes of a heading's text for links to it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsOf = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe('links', () => {
  test.each(pages)('every link of %s inside the project leads somewhere', (page) => {
    const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !resolves(page, target));
    expect(broken).toEqual([]);
  });

  test('every page is in the index', () => {
    const index = read('docs/README.md');
    const missing = pages
      .filter((page) => page.startsWith('docs') && page !== 'docs/README.md')
      .filter((page) => !index.includes(`(${relative('docs', page)})`));
    expect(missing).toEqual([]);
  });
});

function resolves(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || anchorsOf(file).includes(anchor);
}

test('what is generated from the configuration is up to date', async () => {
  const check = run(process.execPath, ['scripts/run.mjs', 'scripts/generate.ts', '--check'], {
    cwd: root,
  });
  await expect(check).resolves.toMatchObject({ stderr: '' });
});

describe('events', () => {
  const streams = pages.flatMap((page) =>
    blocksOf(page).filter(({ language }) => language === 'text/event-stream'),
  );
  const events = streams.flatMap(({ text }) => text.split('\n').filter((line) => line !== ''));

  test('every event that is shown is one of the contract, as it goes over the wire', () => {
    for (const line of events) {
      const event: unknown = JSON.parse(line.replace(/^data: /, ''));
      expect(TurnEvent.parse(event)).toEqual(event);
    }
  });

  test('every type of event is shown', () => {
    const shown = events.map((line) => /"type":"(\w+)"/.exec(line)?.[1]);
    const types = TurnEvent.options.flatMap(({ shape }) => [...shape.type.values]);
    expect([...new Set(shown)].toSorted()).toEqual(types.toSorted());
  });
});

describe('the API page', () => {
  const page = read('docs/api.md');

  test('names every code that a turn can end with', () => {
    // These are answers to a call that was not accepted, and have a status instead.
    const ofCalls = [
      'invalid_input',
      'malformed_json',
      'not_found',
      'unauthorized',
      'forbidden',
      'conflict',
      'url_too_long',
      'too_many_requests',
      'unsupported_media_type',
      'body_too_large',
      'message_too_large',
      'configuration_invalid',
      'github_unavailable',
      'shutting_down',
    ];
    const missing = errorCodes.filter(
      (code) => !ofCalls.includes(code) && !page.includes(`\`${code}\``),
    );
    expect(missing).toEqual([]);
  });
});

interface Example {
  readonly page: string;
  readonly call: string;
  /** The answer that the page shows below the call. */
  readonly answer: unknown;
}

const examplesOf = (page: string): Example[] => {
  const blocks = blocksOf(page);
  return blocks.flatMap(({ language, text }, index) => {
    if (language !== 'sh' || !/^curl /m.test(text)) return [];
    const next = blocks[index + 1];
    const answer: unknown = next?.language === 'json' ? JSON.parse(next.text) : undefined;
    return [{ page, call: text, answer }];
  });
};

describe('a gateway that runs', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
    addDelivery(gateway.home, { dead: true });
  });
  afterAll(() => gateway.stop());

  const examples = ['docs/getting-started.md', 'docs/zh/README.md', 'docs/api.md'].flatMap(
    examplesOf,
  );

  test('every operation that is served is on the API page', () => {
    const page = read('docs/api.md');
    const missing = Object.values(operations)
      .filter(({ id }) => gateway.bound.has(id))
      .map(({ method, path }) => `\`${method} ${path}\``)
      .filter((name) => !page.includes(name));
    expect(missing).toEqual([]);
  });

  test('there are calls to try', () => {
    expect(examples.length).toBeGreaterThan(10);
  });

  // In their order: the later ones look at what the earlier ones made.
  test.each(examples)('$page: $call', async ({ call, answer }) => {
    const { status, body } = await perform(call, gateway.url);
    expect(status).toBe(
      Number(/^# status (\d+)/.exec(call)?.[1] ?? (/messages/.test(call) ? 201 : 200)),
    );
    if (answer !== undefined) expect(formOf(JSON.parse(body))).toEqual(formOf(answer));
    else expect(body).toMatch(/^data: .*"type":"done"/m);
  });
});

async function perform(call: string, url: string): Promise<{ status: number; body: string }> {
  const script = call.replaceAll('http://127.0.0.1:8000', url);
  const { stdout } = await run('sh', [
    '-ec',
    `curl() { command curl --noproxy '*' --write-out '\\n%{http_code}' "$@"; }\n${script}`,
  ]);
  const end = stdout.lastIndexOf('\n');
  return { body: stdout.slice(0, end), status: Number(stdout.slice(end + 1)) };
}

/** A value's fields and their types, whatever stands in them. Of a list, the first element. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(formOf);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, formOf(inner)]));
}

describe('tools', () => {
  const tools = Object.values(operations).flatMap((operation) =>
    'mcp' in operation ? [operation.mcp] : [],
  );
  const known = read('docs/mcp.md');

  test.each(tools)('$name is in the table, with its hints', (tool) => {
    const row = known
      .split('\n')
      .find((line) => line.startsWith('|') && line.includes(`\`${tool.name}\``));
    expect(row).toBeDefined();
    expect(row?.includes('destructive')).toBe('destructive' in tool);
    expect(row?.includes('idempotent')).toBe('idempotent' in tool);
    expect(row?.includes('open world')).toBe('openWorld' in tool);
  });

  test('those that chats have stand in their groups', () => {
    for (const tool of tools) {
      if (!('chat' in tool)) continue;
      const row = known.split('\n').find((line) => line.startsWith(`| \`${tool.chat}\` |`));
      expect(row).toContain(`\`${tool.name}\``);
    }
  });
});
