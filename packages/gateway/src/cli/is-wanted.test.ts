import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { isWanted } from './is-wanted.ts';

/** Ask somebody at a terminal, or nobody. */
async function ask(typed: string | undefined, yes = false) {
  const input = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  const output = new PassThrough();
  let said = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  if (typed !== undefined) input.end(`${typed}\n`);
  return { wanted: await isWanted(yes, { input, output }), said };
}

test.each([
  ['y', true],
  ['YES ', true],
  ['', false],
  ['n', false],
  ['yess', false],
])('the answer %j', async (typed, wanted) => {
  const asked = await ask(typed);
  expect(asked.wanted).toBe(wanted);
  expect(asked.said).toContain('[y/N]');
  expect(asked.said.includes('Nothing was changed')).toBe(!wanted);
});

test('where nobody can answer, it says how to have it done', async () => {
  expect(await ask(undefined)).toEqual({ wanted: false, said: expect.stringContaining('--yes') });
  expect(await ask(undefined, true)).toEqual({ wanted: true, said: '' });
});
