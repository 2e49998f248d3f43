import { Metrics, type PrivateField, privateFields, publicFields } from '@mini-claude-bot/contract';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { publicMetrics } from './public-metrics.ts';
import { canaryMetrics } from './test-canary.ts';

const sent = (more: readonly PrivateField[] = []): string =>
  JSON.stringify(publicMetrics(canaryMetrics(), more));

const canariesIn = (text: string): string[] => text.match(/canary-[\w-]+/g) ?? [];

/** Names of all fields that have a value of their own, as they are listed. */
function leavesOf(schema: z.core.$ZodType, path: string): string[] {
  if (schema instanceof z.ZodNullable) return leavesOf(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return leavesOf(schema.element, path);
  if (!(schema instanceof z.ZodObject)) return [path];
  return Object.entries(schema.shape).flatMap(([name, inner]) =>
    leavesOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

const covers = (field: string, leaf: string): boolean =>
  leaf === field || leaf.startsWith(`${field}.`);

describe('the lists', () => {
  const leaves = leavesOf(Metrics, '');

  test.each([...publicFields, ...privateFields])('%s is a field of the metrics', (field) => {
    expect(leaves.some((leaf) => covers(field, leaf))).toBe(true);
  });

  test('no field is public and private', () => {
    const both = leaves.filter(
      (leaf) =>
        publicFields.some((field) => covers(field, leaf)) &&
        privateFields.some((field) => covers(field, leaf)),
    );
    expect(both).toEqual([]);
  });
});

test('what is public holds nothing that people wrote, no path, no command and no id of a chat', () => {
  expect(canariesIn(JSON.stringify(canaryMetrics())).length).toBeGreaterThan(20);
  // Names of jobs are public; so are those of phases and of models, which counts are told of.
  expect([...new Set(canariesIn(sent()))].toSorted()).toEqual(
    [
      'canary-name-of-job',
      'canary-name-of-model',
      'canary-name-of-phase',
      'canary-name-of-project',
      'canary-state',
      'canary-time',
    ].toSorted(),
  );
});

test('a field that nobody has thought of is not public', () => {
  const more = { ...canaryMetrics(), prompts: ['canary-new'] };
  expect(JSON.stringify(publicMetrics(more, []))).not.toContain('canary-new');
});

test.each([
  ['memory.items.content', 'canary-memory-content'],
  ['memory.categories', 'canary-memory-category'],
  ['cron_jobs.last_result_preview', 'canary-cron-result'],
  ['system.hostname', 'canary-hostname'],
  ['harness.running_jobs.chat_id', 'canary-chat-id'],
  ['harness.archived_projects.original_cwd', 'canary-path'],
] as const)(
  '%s is told where the owner lists it, and nothing else of its kind',
  (field, canary) => {
    const more = canariesIn(sent([field])).filter((found) => !sent().includes(found));
    expect([...new Set(more)]).toEqual([canary]);
  },
);

test('of days, those of a year are sent', () => {
  const metrics = canaryMetrics();
  const [day] = metrics.claude_usage.daily_activity;
  if (day === undefined) return expect.unreachable('there is one');
  const daily_activity = Array.from({ length: 1000 }, (_, n) => ({ ...day, date: `day ${n}` }));
  const text = JSON.stringify(
    publicMetrics({ ...metrics, claude_usage: { ...metrics.claude_usage, daily_activity } }, []),
  );
  expect(text.match(/"day \d+"/g)).toHaveLength(371);
  expect(text).toContain('day 999');
});
