import type { TurnEvent } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { ClaudeVoice } from './claude-voice.ts';
import { TurnFeed } from './turn-feed.ts';

type Heard = Parameters<ClaudeVoice['show']>[0];

/** What a reader gets of what Claude says. */
async function shown(...events: readonly Heard[]): Promise<TurnEvent[]> {
  const feed = new TurnFeed();
  const voice = new ClaudeVoice(feed, new KnownSecrets(['secret-canary']));
  for (const event of events) voice.show(event);
  voice.end();
  feed.end({ type: 'done', content: '' });
  const told: TurnEvent[] = [];
  for await (const event of feed.read(new AbortController().signal)) told.push(event);
  return told.slice(0, -1);
}

const text = (words: string): Heard => ({ type: 'text', text: words });
const thinking = (words: string): Heard => ({ type: 'thinking', text: words });

test('a secret in pieces of the reply is hidden, and so is one in a thought', async () => {
  expect(await shown(text('It is secret'), text('-canary!'))).toEqual([
    { type: 'text', content: 'It is ' },
    { type: 'text', content: '[hidden]!' },
  ]);
  expect(await shown(thinking('secret-'), thinking('canary'))).toEqual([
    { type: 'thinking', content: '[hidden]' },
  ]);
});

test('what was held back belongs to what was said, not to what comes next', async () => {
  expect(await shown(text('a se'), thinking('cond'))).toEqual([
    { type: 'text', content: 'a ' },
    { type: 'text', content: 'se' },
    { type: 'thinking', content: 'cond' },
  ]);
});

test('an answer that starts over shows no half of a secret', async () => {
  const restart: Heard = { type: 'restart', reason: 'again', kept: 'It is secret' };
  const told = await shown(thinking('hm'), restart, text('-canary!'));
  expect(told).toEqual([
    { type: 'thinking', content: 'hm' },
    { type: 'restart', content: 'again' },
    { type: 'text', content: 'It is ' },
    { type: 'text', content: '[hidden]!' },
  ]);
  expect(await shown({ ...restart, kept: 'It is secret' })).toContainEqual({
    type: 'text',
    content: 'secret',
  });
});

test('what tools are given, and remarks, are looked through as well', async () => {
  const told = await shown(
    { type: 'tool', name: 'Bash', input: 'echo secret-canary' },
    { type: 'notice', text: 'secret-canary' },
  );
  expect(JSON.stringify(told)).not.toContain('canary');
});
