import { describe, expect, test } from 'vitest';
import { defaultReply } from './default-reply.ts';
import { createMarkerScript } from './marker-script.ts';
import type { ReplyPlan } from './plan.ts';
import { assistant, callOf, user } from './request-examples.ts';

const words = (plan: ReplyPlan, kind: 'text' | 'thinking' = 'text') =>
  plan.kind === 'message'
    ? plan.content.flatMap((item) => (item.kind === kind ? [item.text] : [])).join('')
    : '';
const answer = async (prompt: string) => words(await defaultReply(callOf([user(prompt)])));

describe('the default reply', () => {
  test('speaks of the prompt, in its language', async () => {
    expect(await answer('Where is the cat?')).toMatch(/^You wrote “Where is the cat\?”/);
    expect(await answer('猫在哪里')).toContain('「猫在哪里」');
  });

  test('has a table, code or a list when asked for one', async () => {
    expect(await answer('Compare the two')).toContain('| --- |');
    expect(await answer('Write a function')).toContain('```ts');
    expect(await answer('What are the steps?')).toContain('\n2. ');
    expect(await answer('给我一个表格')).toContain('| --- |');
    expect(await answer('写段代码')).toContain('```ts');
    expect(await answer('列个清单')).toContain('\n2. ');
  });

  test('thinks only if the request allows it', async () => {
    const adaptive = callOf([user('hi')], { thinking: { type: 'adaptive' } });
    expect(words(await defaultReply(adaptive), 'thinking')).not.toBe('');
    const disabled = callOf([user('hi')], { thinking: { type: 'disabled' } });
    expect(words(await defaultReply(disabled), 'thinking')).toBe('');
  });

  test('knows that there were earlier messages', async () => {
    const call = callOf([user('a'), assistant('b'), user('c'), assistant('d'), user('e')]);
    expect(words(await defaultReply(call))).toContain('2 earlier messages');
  });
});

describe('calls beside the conversation', () => {
  test('a title follows its schema', async () => {
    const schema = {
      type: 'object',
      properties: { title: { type: 'string' }, done: { type: 'boolean' }, kind: { enum: ['a'] } },
    };
    const call = callOf([user('<session>\nFix the [[cut]] login page\n</session>')], {
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(JSON.parse(words(await createMarkerScript()(call)))).toEqual({
      title: 'Fix the cut login page',
      done: false,
      kind: 'a',
    });
  });

  test('compaction gets a summary in which no marker lives on', async () => {
    const call = callOf([
      user('do [[cut]] this'),
      assistant('ok'),
      user('CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.'),
    ]);
    const summary = words(await createMarkerScript()(call));
    expect(summary).toMatch(/<summary>[\s\S]*1\. do cut this[\s\S]*<\/summary>/);
  });
});
