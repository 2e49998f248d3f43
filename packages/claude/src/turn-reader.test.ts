import { randomUUID } from 'node:crypto';
import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  apiRetry,
  assistant,
  init,
  messageStart,
  sessionId,
  success,
  textBlock,
  textDelta,
  thinkingBlock,
  thinkingDelta,
  toolBlock,
} from '../tests/support/frames.ts';
import { ofType, replay } from '../tests/support/replay.ts';
import type { ClaudeEvent } from './events.ts';
import { TurnReader } from './turn-reader.ts';

function read(...frames: SDKMessage[]) {
  const events: ClaudeEvent[] = [];
  const reader = new TurnReader((event) => events.push(event));
  for (const frame of frames) reader.read(frame);
  return { reader, events, text: reader.text, page: replay(events) };
}

const types = (events: readonly ClaudeEvent[]) => events.map(({ type }) => type);

describe('streamed text', () => {
  test('becomes an event each delta, and its confirmation adds nothing', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('Half '),
      textDelta('a sentence'),
      assistant('m1', [textBlock('Half a sentence')]),
      success(),
    );
    expect(ofType(events, 'text').map((event) => event.text)).toEqual(['Half ', 'a sentence']);
    expect(types(events)).not.toContain('restart');
    expect(text).toBe('Half a sentence');
  });

  test('of several blocks is joined by a blank line, before and after a tool too', () => {
    const { events, text, page } = read(
      messageStart('m1'),
      textDelta('one'),
      assistant('m1', [textBlock('one')]),
      textDelta('two'),
      assistant('m1', [textBlock('two')]),
      assistant('m1', [toolBlock('Bash', { command: 'ls' })]),
      messageStart('m2'),
      textDelta('three'),
      assistant('m2', [textBlock('three')]),
      success(),
    );
    expect(text).toBe('one\n\ntwo\n\nthree');
    expect(page).toBe(text);
    expect(types(events)).not.toContain('restart');
    expect(ofType(events, 'tool')).toEqual([{ type: 'tool', name: 'Bash', input: 'ls' }]);
  });

  test('that a retry takes back is named as such, with what still stands', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('kept'),
      assistant('m1', [textBlock('kept')]),
      textDelta('lost'),
      apiRetry(),
    );
    expect(ofType(events, 'restart')).toEqual([
      { type: 'restart', reason: expect.any(String), kept: 'kept' },
    ]);
    expect(text).toBe('kept');
  });

  test('is taken back where a new message starts over', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('lost'),
      messageStart('m2'),
      textDelta('new'),
      assistant('m2', [textBlock('new')]),
    );
    expect(types(events)).toEqual(['text', 'restart', 'text']);
    expect(text).toBe('new');
  });

  test('is taken back where the message says something else', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('draft'),
      assistant('m1', [textBlock('final')]),
    );
    expect(types(events)).toEqual(['text', 'restart', 'text']);
    expect(text).toBe('final');
  });

  test('is not taken back where the message that stands in for it says the same', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('the same'),
      assistant('m2', [textBlock('the same')]),
    );
    expect(types(events)).toEqual(['text']);
    expect(text).toBe('the same');
  });

  test('is taken back where a message that was not streamed calls a tool instead', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('I will'),
      assistant('m2', [toolBlock('Bash', { command: 'ls' })]),
      success(),
    );
    expect(types(events)).toEqual(['text', 'restart', 'tool', 'session']);
    expect(text).toBe('');
  });

  test('that nothing confirmed is no part of a finished reply, but stands in one that broke off', () => {
    const frames = [messageStart('m1'), textDelta('half')];
    expect(read(...frames).text).toBe('half');
    const finished = read(...frames, success());
    expect(finished.text).toBe('');
    expect(finished.page).toBe('');
  });

  test('is taken back where the turn ends in an error', () => {
    const { text, reader, page } = read(
      messageStart('m1'),
      textDelta('half'),
      assistant('x', [textBlock('API Error: 500')], {
        error: 'server_error',
        model: '<synthetic>',
      }),
    );
    expect(text).toBe('');
    expect(page).toBe('');
    expect(reader.evidence()).toMatchObject({ kind: 'server_error', text: 'API Error: 500' });
  });
});

describe('a message', () => {
  test('that was not streamed at all is shown whole', () => {
    const { events, text } = read(assistant('m1', [textBlock('whole')]));
    expect(events).toEqual([{ type: 'text', text: 'whole' }]);
    expect(text).toBe('whole');
  });

  test('that supersedes another replaces its text', () => {
    const uuid = randomUUID();
    const { text, page } = read(
      assistant('m1', [textBlock('first')]),
      assistant('m2', [textBlock('wrong')], { uuid }),
      assistant('m3', [textBlock('right')], { supersedes: [uuid] }),
    );
    expect(text).toBe('first\n\nright');
    expect(page).toBe(text);
  });

  test('of the CLI itself is no part of the reply', () => {
    const { events, text } = read(
      assistant('m1', [textBlock('No response requested.')], { model: '<synthetic>' }),
    );
    expect(events).toEqual([]);
    expect(text).toBe('');
  });

  test('of a subagent is no part of the reply, streamed or whole', () => {
    const { events, text } = read(
      messageStart('m1'),
      textDelta('main'),
      messageStart('s1', 'toolu_1'),
      textDelta('sub', 'toolu_1'),
      assistant('s1', [textBlock('sub'), toolBlock('Bash', {})], { parent_tool_use_id: 'toolu_1' }),
      assistant('m1', [textBlock('main')]),
    );
    expect(events).toEqual([{ type: 'text', text: 'main' }]);
    expect(text).toBe('main');
  });
});

test('thinking is told apart from text, and never part of it', () => {
  const { events, text } = read(
    messageStart('m1'),
    thinkingDelta('Hm.'),
    assistant('m1', [thinkingBlock('Hm.')]),
    textDelta('Yes.'),
    assistant('m1', [textBlock('Yes.')]),
  );
  expect(events).toEqual([
    { type: 'thinking', text: 'Hm.' },
    { type: 'text', text: 'Yes.' },
  ]);
  expect(text).toBe('Yes.');
});

test('a retry is told as a notice, and as a restart only where something had been shown', () => {
  const { events } = read(apiRetry(2));
  expect(events).toEqual([{ type: 'notice', text: expect.stringContaining('try 2 of 4') }]);
});

test('the session is told once a turn, with its model', () => {
  const { events } = read(init('claude-x'), messageStart('m1'), init('claude-x'), success());
  expect(events).toEqual([{ type: 'session', sessionId, model: 'claude-x' }]);
});

test('what was said in the end counts, not an error that was got over', () => {
  const { reader } = read(
    assistant('x', [textBlock('API Error')], { error: 'overloaded', model: '<synthetic>' }),
    assistant('m1', [textBlock('fine')]),
  );
  expect(reader.evidence().kind).toBeUndefined();
});

describe('whatever frames come', () => {
  const word = fc.constantFrom('', 'a', 'bc', ' ', '\n\n', '你好', '😀');
  const id = fc.constantFrom('m1', 'm2', 'm3');
  const uuids = ['a', 'b', 'c'].map(() => randomUUID());
  const block = fc.oneof(
    word.map(textBlock),
    word.map(thinkingBlock),
    fc.constant(toolBlock('Bash', { command: 'ls' })),
  );
  const subagent = fc.constantFrom(null, null, null, 'toolu_1');
  const frame = fc.oneof(
    fc.tuple(id, subagent).map(([a, b]) => messageStart(a, b)),
    { weight: 4, arbitrary: fc.tuple(word, subagent).map(([a, b]) => textDelta(a, b)) },
    word.map(thinkingDelta),
    fc.constant(apiRetry()),
    {
      weight: 4,
      arbitrary: fc
        .record({
          id,
          content: fc.array(block, { minLength: 1, maxLength: 2 }),
          uuid: fc.constantFrom(...uuids),
          supersedes: fc.subarray(uuids, { maxLength: 1 }),
          parent_tool_use_id: subagent,
          model: fc.constantFrom('claude-test', 'claude-test', '<synthetic>'),
        })
        .map(({ id, content, ...rest }) => assistant(id, content, rest)),
    },
  );
  const frames = fc.array(frame, { maxLength: 25 });

  test('replaying the events gives the text so far, at every step', () => {
    fc.assert(
      fc.property(frames, (sequence) => {
        const events: ClaudeEvent[] = [];
        const reader = new TurnReader((event) => events.push(event));
        for (const frame of sequence) {
          reader.read(frame);
          expect(replay(events)).toBe(reader.text);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('a finished reply is what the messages that stand said, and nothing else', () => {
    fc.assert(
      fc.property(frames, (sequence) => {
        expect(read(...sequence, success()).text).toBe(confirmedText(sequence));
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The same said differently: all texts of messages, less those superseded when the next ones came. */
function confirmedText(sequence: readonly SDKMessage[]): string {
  let said: { uuid: string; text: string }[] = [];
  for (const frame of sequence) {
    if (frame.type !== 'assistant' || frame.parent_tool_use_id !== null) continue;
    said = said.filter(({ uuid }) => !(frame.supersedes ?? []).some((gone) => gone === uuid));
    if (frame.message.model === '<synthetic>') continue;
    for (const block of frame.message.content) {
      if (block.type === 'text' && block.text !== '')
        said.push({ uuid: frame.uuid, text: block.text });
    }
  }
  return said.map(({ text }) => text).join('\n\n');
}
