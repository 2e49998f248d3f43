import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMarkerScript,
  type FakeAnthropic,
  reply,
  type Script,
  startFakeAnthropic,
  text,
} from '@mini-claude-bot/fake-anthropic';
import { claudeEnvironment } from '../../src/environment.ts';
import { findClaude } from '../../src/executable.ts';
import type { ClaudeSettings, Conversation } from '../../src/launch.ts';
import type { LiveSession } from '../../src/live-session.ts';
import { endTree } from '../../src/processes/end-tree.ts';
import { startSession } from '../../src/start-session.ts';

/** A home of a test's own in which the real Claude runs on the fake Messages API. */
export interface ClaudeHouse {
  readonly fake: FakeAnthropic;
  readonly home: string;
  readonly settings: ClaudeSettings;
  /** What every marker of this house begins with. */
  readonly prefix: string;
  newMarker(): string;
  /** A working directory of that name, made when it is not there. */
  directory(name?: string): Promise<string>;
  start(options?: StartOptions): Promise<LiveSession>;
  /** End every process that is left, and remove the files. */
  close(): Promise<void>;
}

export interface StartOptions {
  readonly settings?: Partial<ClaudeSettings>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
  readonly conversation?: Conversation;
  readonly marker?: string;
}

/** What the real Claude needs to run offline as any user. */
export const offlineEnvironment = (home: string, apiUrl: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  // Otherwise it leaves files of its own in the system's directory for them.
  CLAUDE_CODE_TMPDIR: home,
  ANTHROPIC_BASE_URL: apiUrl,
  ANTHROPIC_API_KEY: 'sk-ant-test',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MAX_RETRIES: '2',
  IS_SANDBOX: '1',
});

/** Follows the markers; a prompt without any gets a short answer at once. */
const briefScript = createMarkerScript(() => reply(text('All right.')));

export async function openClaudeHouse(script: Script = briefScript): Promise<ClaudeHouse> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'mcb-claude-')));
  const fake = await startFakeAnthropic({ script });
  const prefix = `test-${randomUUID()}.`;
  const settings: ClaudeSettings = {
    executable: await findClaude(undefined),
    environment: claudeEnvironment(offlineEnvironment(home, fake.url), []),
    permissionMode: 'bypassPermissions',
    settingSources: ['user', 'project', 'local'],
  };
  const newMarker = () => prefix + randomUUID();
  const directory = async (name = 'chat') => {
    const path = join(home, 'chats', name);
    await mkdir(path, { recursive: true });
    return path;
  };
  return {
    fake,
    home,
    settings,
    prefix,
    newMarker,
    directory,
    start: async (options = {}) => {
      const environment = { ...settings.environment, ...options.environment };
      const place = {
        directory: options.directory ?? (await directory()),
        conversation: options.conversation ?? { kind: 'new' },
      };
      return startSession(
        { ...settings, environment, ...options.settings },
        place,
        options.marker ?? newMarker(),
        Date.now,
      );
    },
    close: async () => {
      await endTree((marker) => marker.startsWith(prefix));
      await fake.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
