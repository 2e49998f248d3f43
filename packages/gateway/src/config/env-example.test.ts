import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { envExample } from './env-example.ts';
import type { Variable } from './variable-kinds.ts';
import { variables } from './variables.ts';

const entries = Object.entries<Variable>(variables);

test('copied as it is, it changes nothing', () => {
  expect(parseEnv(envExample())).toEqual({});
});

test('uncommented, it sets every variable to its default', () => {
  const uncommented = parseEnv(envExample().replace(/^#(?=[A-Z_]+=)/gm, ''));
  expect(Object.keys(uncommented).sort()).toEqual(Object.keys(variables).sort());
  expect(loadConfig(uncommented)).toEqual(loadConfig({}));
});

test.each(entries)('%s: says what it is for and what it may be', (name, { say, form, secret }) => {
  const block = envExample()
    .split('\n\n')
    .find((text) => text.includes(`\n#${name}=`));
  expect(block).toContain(`# ${say}`);
  expect(block?.toLowerCase()).toContain(form.toLowerCase());
  expect(block?.includes('A secret.')).toBe(secret === true);
});

test('every variable is described in sentences', () => {
  for (const [, { say }] of entries) expect(say).toMatch(/^[A-Z].*\.$/);
});
