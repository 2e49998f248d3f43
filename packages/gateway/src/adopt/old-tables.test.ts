import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { oldTables } from './old-tables.ts';

const session = (cwd: unknown) =>
  oldTables
    .find(({ name }) => name === 'gateway_sessions')
    ?.convert({ bot_id: 'default', chat_id: '42', cwd }, { now: '2026-01-01', before: undefined });

test.each([
  join(homedir(), 'claude-gateway-sessions', 'default', '42'),
  join(homedir(), '42'),
  '/srv/sessions/42',
])('a chat may have had its directory at %s', (cwd) => {
  expect(session(cwd)).toMatchObject({ kind: 'row', cells: { cwd } });
});

// Their rights would be changed when the chat goes on.
test.each(['/', '/tmp', '/tmp/42', '/srv/../42', homedir(), dirname(homedir()), 'sessions/42'])(
  'a damaged row can not make %s a directory of a chat',
  (cwd) => {
    expect(session(cwd)).toEqual({ kind: 'refused', why: 'it has no usable cwd' });
  },
);
