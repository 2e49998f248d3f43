import { describe, expect, test } from 'vitest';
import { effectivePermissionMode, type PermissionMode } from './permission-mode.ts';

const sandbox = { IS_SANDBOX: '1' };

describe('effectivePermissionMode', () => {
  test.each<[string, PermissionMode, number | undefined, Record<string, string>, PermissionMode]>([
    ['an ordinary user', 'bypassPermissions', 1000, {}, 'bypassPermissions'],
    ['a system without users', 'bypassPermissions', undefined, {}, 'bypassPermissions'],
    ['root', 'bypassPermissions', 0, {}, 'acceptEdits'],
    ['root in a sandbox', 'bypassPermissions', 0, sandbox, 'bypassPermissions'],
    ['root that says no sandbox', 'bypassPermissions', 0, { IS_SANDBOX: '0' }, 'acceptEdits'],
    ['root that says it otherwise', 'bypassPermissions', 0, { IS_SANDBOX: 'true' }, 'acceptEdits'],
    ['root', 'acceptEdits', 0, {}, 'acceptEdits'],
    ['root', 'default', 0, {}, 'default'],
    ['root', 'dontAsk', 0, {}, 'dontAsk'],
    ['root', 'plan', 0, {}, 'plan'],
    ['root', 'auto', 0, {}, 'auto'],
    ['an ordinary user', 'plan', 1000, {}, 'plan'],
  ])('%s who asks for %s (user %s, %j) gets %s', (_who, configured, user, environment, mode) => {
    const effective = effectivePermissionMode(configured, user, environment);
    expect(effective.mode).toBe(mode);
    expect(effective.advice !== undefined).toBe(mode !== configured);
  });

  test('the advice names every way to choose', () => {
    const { advice } = effectivePermissionMode('bypassPermissions', 0, {});
    expect(advice).toContain('root');
    expect(advice).toContain('acceptEdits');
    expect(advice).toContain('IS_SANDBOX=1');
    expect(advice).toContain('CLAUDE_PERMISSION_MODE');
  });
});
