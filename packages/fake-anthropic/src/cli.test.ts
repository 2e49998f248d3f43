import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { query, type SDKMessage } from '@anthropic-ai/claude-agent-sdk/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lostText } from './marker-script.ts';
import { type FakeAnthropic, startFakeAnthropic } from './server.ts';

const sdk = createRequire(createRequire(import.meta.url).resolve('@anthropic-ai/claude-agent-sdk'));
const claude = sdk.resolve(
  `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}/claude`,
);

describe('the real CLI', () => {
  let home: string;
  let fake: FakeAnthropic;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'fake-anthropic-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));
  beforeEach(async () => {
    fake = await startFakeAnthropic();
  });
  afterEach(() => fake.close());

  /** One process, one turn: every frame it gave. */
  async function turn(prompt: string, options: { resume?: string; env?: object } = {}) {
    const messages: SDKMessage[] = [];
    const { resume, env } = options;
    const running = query({
      prompt,
      options: {
        cwd: home,
        pathToClaudeCodeExecutable: claude,
        ...(resume === undefined ? {} : { resume }),
        env: { ...cleanEnvironment(home, fake.url), ...env },
        systemPrompt: { type: 'preset', preset: 'claude_code' },
        settingSources: [],
        permissionMode: 'bypassPermissions',
        allowDangerouslySkipPermissions: true,
        includePartialMessages: true,
        verbatimPrompts: true,
      },
    });
    try {
      for await (const message of running) messages.push(message);
    } catch (error) {
      // The process ends with code 1 after an error result; the result is what counts.
      if (!messages.some((message) => message.type === 'result')) throw error;
    }
    return messages;
  }

  test('gets a streamed reply with thinking', async () => {
    const messages = await turn('[[think:let me see]] [[text:hello dear world]]');
    expect(deltasOf(messages, 'thinking_delta')).toEqual(['let', ' me', ' see']);
    expect(deltasOf(messages, 'text_delta')).toEqual(['hello', ' dear', ' world']);
    expect(blocksOf(messages)).toEqual(['thinking: let me see', 'text: hello dear world']);
    expect(resultOf(messages)).toBe('hello dear world');
  });

  test('takes the default reply', async () => {
    const messages = await turn('Is anybody there?');
    expect(resultOf(messages)).toContain('“Is anybody there?”');
  });

  test('gets its prompt back unchanged', async () => {
    const prompt = '/clear @/etc/hostname <b>&amp;</b> [[nonsense]]\n  [[echo]]';
    expect(resultOf(await turn(prompt))).toBe(prompt);
  });

  test('runs a loop of two tool calls', async () => {
    const messages = await turn(
      '[[bash:echo one $((1+1))]] [[/]] [[bash:echo two]] [[/]] [[result]]',
    );
    expect(toolResultsOf(messages)).toEqual(['one 2', 'two']);
    expect(resultOf(messages)).toBe('two');
    expect(fake.requests.map((request) => request.conversation?.step)).toEqual([0, 1, 2]);
  });

  test('tries again after two refusals', async () => {
    const messages = await turn(
      '[[status:529]] [[header:retry-after=0]] [[times:2]] [[text:at last]]',
    );
    expect(resultOf(messages)).toBe('at last');
    expect(fake.requests.map((request) => request.status)).toEqual([529, 529, 200]);
  });

  test('recovers from a cut before the headers and one mid-stream', async () => {
    expect(resultOf(await turn('[[cut]] [[times:1]] [[text:whole]]'))).toBe('whole');
    const messages = await turn('[[cut-mid]] [[times:1]] [[text:whole]]');
    expect(resultOf(messages)).toBe('whole');
    expect(blocksOf(messages)).not.toContain(`text: ${lostText}`);
    expect(fake.requests.map((r) => r.state)).toEqual(['cut', 'answered', 'cut', 'answered']);
  });

  test('goes on after a cut behind a complete block', async () => {
    const messages = await turn(
      '[[text:one]] [[text:lost]] [[pause:300]] [[cut-mid]] [[times:1]] [[text:two]]',
    );
    expect(blocksOf(messages)).toEqual(['text: one', 'text: two']);
    expect(fake.requests.at(-1)?.conversation?.resumes).toBe(true);
  });

  test.each(['malformed', 'error-mid', 'garbage'])('recovers from [[%s]]', async (marker) => {
    const messages = await turn(`[[${marker}]] [[times:1]] [[text:whole]]`);
    expect(resultOf(messages)).toBe('whole');
    expect(fake.requests.length).toBe(2);
  });

  test('reports a refusal that no second try mends', async () => {
    const messages = await turn('[[status:403]]');
    const result = messages.find((message) => message.type === 'result');
    expect(result).toMatchObject({ is_error: true, api_error_status: 403 });
  });

  test('takes the usage limit of a subscription for what it is', async () => {
    const env = { ANTHROPIC_API_KEY: undefined, CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' };
    const messages = await turn('[[limit]]', { env });
    expect(messages.map((message) => message.type)).toContain('rate_limit_event');
    expect(fake.requests.map((r) => [r.status, r.headers.authorization])).toEqual([
      [429, '(bearer token)'],
    ]);
  });

  test('remembers earlier prompts across a resume', async () => {
    const first = await turn('first: [[text:a]]');
    const resume = first.find((message) => message.type === 'result')?.session_id ?? '';
    await turn('second: [[bash:true]] [[/]] [[text:b]]', { resume });
    const third = await turn('[[history]]', { resume });
    expect(JSON.parse(resultOf(third) ?? '')).toEqual([
      'first: [[text:a]]',
      'second: [[bash:true]] [[/]] [[text:b]]',
    ]);
    expect(new Set(fake.requests.map((request) => request.sessionId))).toEqual(new Set([resume]));
  });
});

/** Nothing of the surrounding environment but where programs are. */
function cleanEnvironment(home: string, url: string): Record<string, string | undefined> {
  return {
    PATH: process.env.PATH,
    HOME: home,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: 'sk-ant-test',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    IS_SANDBOX: '1',
  };
}

function deltasOf(messages: SDKMessage[], type: 'text_delta' | 'thinking_delta'): string[] {
  return messages.flatMap((message) => {
    if (message.type !== 'stream_event' || message.event.type !== 'content_block_delta') return [];
    const { delta } = message.event;
    if (delta.type !== type) return [];
    return [delta.type === 'text_delta' ? delta.text : delta.thinking];
  });
}

function blocksOf(messages: SDKMessage[]): string[] {
  return messages.flatMap((message) =>
    message.type !== 'assistant'
      ? []
      : message.message.content.map((block) => {
          if (block.type === 'text') return `text: ${block.text}`;
          return block.type === 'thinking' ? `thinking: ${block.thinking}` : block.type;
        }),
  );
}

function toolResultsOf(messages: SDKMessage[]): unknown[] {
  return messages.flatMap((message) => {
    if (message.type !== 'user' || typeof message.message.content === 'string') return [];
    return message.message.content.flatMap((block) =>
      block.type === 'tool_result' ? [block.content] : [],
    );
  });
}

function resultOf(messages: SDKMessage[]): string | undefined {
  const result = messages.find((message) => message.type === 'result');
  return result?.subtype === 'success' ? result.result : undefined;
}
