import { describe, expect, test } from 'vitest';
import { afterLastStep, createMarkerScript, lostText } from './marker-script.ts';
import { bash, reply, text, thinking, toolUse } from './plan.ts';
import { assistant, callOf, toolResult, user } from './request-examples.ts';

const ask = (prompt: string) => createMarkerScript()(callOf([user(prompt)]));

describe('the marker script', () => {
  test('follows the markers in order and leaves out the text around them', async () => {
    expect(await ask('a [[think:hm]] b [[text:yes]] c [[tool:Read {"file_path":"/x"}]]')).toEqual(
      reply(thinking('hm'), text('yes'), toolUse('Read', { file_path: '/x' })),
    );
  });

  test('takes the step from the history', async () => {
    const prompt = '[[bash:one]] [[/]] [[bash:two]] [[/]] [[text:got ]] [[result]]';
    const script = createMarkerScript();
    const history = [user(prompt)];
    expect(await script(callOf(history))).toEqual(reply(bash('one')));
    history.push(assistant('(call)'), user(toolResult('1')));
    expect(await script(callOf(history))).toEqual(reply(bash('two')));
    history.push(assistant('(call)'), user(toolResult('2')));
    expect(await script(callOf(history))).toEqual(reply(text('got '), text('2')));
    history.push(assistant('got 2'), user(toolResult('3')));
    expect(await script(callOf(history))).toEqual(reply(text(afterLastStep)));
  });

  test('[[times]] lets the first tries of a step fail, for each session and each prompt', async () => {
    const script = createMarkerScript();
    const prompt = '[[status:529]] [[times:2]] [[text:ok]]';
    const kinds = async (call: Parameters<typeof script>[0], count: number) => {
      const found: string[] = [];
      for (let i = 0; i < count; i += 1) found.push((await script(call)).kind);
      return found;
    };
    const failsTwice = ['error', 'error', 'message', 'message'];
    expect(await kinds(callOf([user(prompt)]), 4)).toEqual(failsTwice);
    expect(await kinds(callOf([user(prompt)], {}, 'session-2'), 4)).toEqual(failsTwice);
    const again = callOf([user(prompt), assistant('ok'), user(prompt)]);
    expect(await kinds(again, 4)).toEqual(failsTwice);
  });

  test('without [[times]] every try fails', async () => {
    const script = createMarkerScript();
    const call = callOf([user('[[hang]] [[text:never]]')]);
    expect([await script(call), await script(call)]).toEqual([{ kind: 'hang' }, { kind: 'hang' }]);
  });

  test('a failure mid-stream comes after what stands before it', async () => {
    expect(await ask('[[text:a]] [[cut-mid]] [[text:b]]')).toEqual({
      ...reply(text('a')),
      ending: { kind: 'cut' },
    });
    expect(await ask('[[malformed]] [[text:b]]')).toEqual({
      ...reply(text(lostText)),
      ending: { kind: 'malformed', how: 'json' },
    });
  });

  test('a cut reply that the CLI resumes goes on after the cut', async () => {
    const script = createMarkerScript();
    const prompt = '[[text:a]] [[cut-mid]] [[times:1]] [[text:b]]';
    await script(callOf([user(prompt)]));
    const note = 'Your response above was cut off mid-stream. Resume directly.';
    const resumed = callOf([user(prompt), assistant('a'), user(note)]);
    expect(await script(resumed)).toEqual(reply(text('b')));
  });

  test('pace, size, delay, stop reason and headers', async () => {
    expect(
      await ask('[[slow:5]][[chunk:2]][[delay:7]][[stop:max_tokens]][[header:x-a=b]][[text:t]]'),
    ).toEqual({
      ...reply(text('t')),
      intervalMs: 5,
      chunking: { by: 'characters', count: 2 },
      delayMs: 7,
      ending: { kind: 'complete', stopReason: 'max_tokens' },
      headers: { 'x-a': 'b' },
    });
  });

  test('a refusal carries the headers', async () => {
    expect(await ask('[[status:429]] [[header:retry-after=1]]')).toMatchObject({
      kind: 'error',
      status: 429,
      headers: { 'retry-after': '1' },
    });
  });

  test('[[limit]] says when the limit is lifted', async () => {
    const call = callOf([user('[[limit]]')]);
    const now = { monotonicMs: 0, epochMs: 1_000_000_000_000 };
    const clock = { now: () => now, wait: async () => {} };
    expect(await createMarkerScript()({ ...call, clock })).toMatchObject({
      status: 429,
      headers: {
        'anthropic-ratelimit-unified-status': 'rejected',
        'anthropic-ratelimit-unified-reset': '1000018000',
      },
    });
  });

  test('[[echo]] gives the prompt back exactly', async () => {
    const prompt = ' /x @y <b>[[nonsense]]</b>\n[[echo]] ';
    expect(await ask(prompt)).toEqual(reply(text(prompt)));
  });

  test('[[history]] lists the earlier prompts', async () => {
    const call = callOf([
      user('a "b"'),
      assistant('x'),
      user('c'),
      assistant('y'),
      user('[[history]]'),
    ]);
    expect(await createMarkerScript()(call)).toEqual(reply(text('["a \\"b\\"","c"]')));
  });

  test('[[words]] has so many words', async () => {
    const plan = await ask('[[words:400]]');
    const item = plan.kind === 'message' ? plan.content[0] : undefined;
    expect(item?.kind === 'text' && item.text.split(' ').length).toBe(400);
  });

  test('without markers, or with nothing to say, the fallback answers', async () => {
    const script = createMarkerScript(() => reply(text('fallback')));
    expect(await script(callOf([user('hello [[wiki link]]')]))).toEqual(reply(text('fallback')));
    expect(await script(callOf([user('hello [[slow:9]]')]))).toEqual({
      ...reply(text('fallback')),
      intervalMs: 9,
    });
  });
});
