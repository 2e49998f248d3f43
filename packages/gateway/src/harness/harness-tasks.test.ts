import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countPhases, countTasks, parseTasks } from './harness-tasks.ts';

const read = (value: unknown) => {
  const parsed = parseTasks(JSON.stringify(value));
  return parsed && { ...parsed, counts: countTasks(parsed.tasks) };
};

test.each([
  [{ tasks: [{ status: 'done' }, { status: 'pending' }, {}] }],
  [{ phases: [{ name: 'a', tasks: [{ status: 'completed' }, { status: 'todo' }, 7, null, {}] }] }],
  [{ phases: { a: { tasks: [{ status: 'DONE' }, {}] }, b: [{ status: 3 }] } }],
])('%j has three tasks, one of them done', (file) => {
  expect(read(file)?.counts).toEqual({ total: 3, done: 1, inProgress: 0, blocked: 0, pending: 2 });
});

test('phases are counted, and the first that is not done is the present one', () => {
  const file = read({
    project_name: 'tea',
    phases: [
      { name: 'plan', tasks: [{ status: 'done' }] },
      { name: 'build', tasks: [{ status: 'in_progress' }, { status: 'blocked' }, {}] },
    ],
  });
  expect(file).toMatchObject({ projectName: 'tea', currentPhase: 'build' });
  expect(Object.fromEntries(countPhases(file?.tasks ?? []))).toEqual({
    plan: { total: 1, done: 1, inProgress: 0, blocked: 0, pending: 0 },
    build: { total: 3, done: 0, inProgress: 1, blocked: 1, pending: 1 },
  });
});

test('a phase may also stand in each task', () => {
  const { tasks = [] } = read({ tasks: [{ phase: 'a' }, { phase: 'b' }, { phase: 'a' }] }) ?? {};
  expect([...countPhases(tasks).keys()]).toEqual(['a', 'b']);
});

test.each(['', '{', '[]', 'null', '7', '"x"'])('%j is no list of tasks', (text) => {
  expect(parseTasks(text)).toBeUndefined();
});

test.each([{}, { tasks: [] }, { tasks: 5 }, { phases: [] }, { phases: [{ tasks: [] }] }])(
  '%j is a list without tasks',
  (file) => expect(read(file)?.counts.total).toBe(0),
);

test('however much stands in it, little is kept', () => {
  const file = read({ tasks: Array.from({ length: 20_000 }, () => ({ title: 'x'.repeat(999) })) });
  expect(file?.tasks).toHaveLength(5_000);
  expect(file?.tasks[0]?.title).toHaveLength(200);
});

test('anything may stand in it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (tasks, phases, name) => {
      const file = read({ tasks, phases, project_name: name, current_phase: name });
      const { total = 0, ...states } = file?.counts ?? {};
      expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(total);
    }),
  );
});
