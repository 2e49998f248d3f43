import { stat } from 'node:fs/promises';
import type { Options, PermissionMode, SettingSource } from '@anthropic-ai/claude-agent-sdk/core';
import type { ClaudeChild } from './child.ts';
import { markerVariable } from './environment.ts';
import { ClaudeError } from './failure.ts';

/** What is the same for every session of a gateway. */
export interface ClaudeSettings {
  /** Path of the Claude Code program. */
  readonly executable: string;
  /** The whole environment of the process; see `claudeEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly permissionMode: PermissionMode;
  readonly settingSources: readonly SettingSource[];
  readonly model?: string | undefined;
}

/** What is a session's own. */
export interface SessionPlace {
  /** Working directory: absolute, and there. */
  readonly directory: string;
  /** The conversation to go on with; a new one without it. */
  readonly resume?: string | undefined;
}

/** Tools that wait for a person at a terminal, or that act later by themselves: nobody would answer. */
const toolsWithoutUse = [
  'AskUserQuestion',
  'ScheduleWakeup',
  'CronCreate',
  'CronDelete',
  'CronList',
];

/** Options for what a process reads when it starts, whichever session it will serve. */
export const hostOptions = (
  settings: ClaudeSettings,
  child: ClaudeChild,
  marker: string,
): Options => ({
  pathToClaudeCodeExecutable: settings.executable,
  env: { ...settings.environment, [markerVariable]: marker },
  // On a resume the CLI would go on with the prompt of the first start, without `snapshot: false`.
  systemPrompt: { type: 'preset', preset: 'claude_code', snapshot: false },
  settingSources: [...settings.settingSources],
  permissionMode: settings.permissionMode,
  allowDangerouslySkipPermissions: settings.permissionMode === 'bypassPermissions',
  includePartialMessages: true,
  // What a chat types is text: no slash command runs, no `@path` is read.
  verbatimPrompts: true,
  disallowedTools: [...toolsWithoutUse],
  spawnClaudeCodeProcess: child.spawn,
  ...(settings.model === undefined ? {} : { model: settings.model }),
});

/** Options of one session's process. */
export const sessionOptions = (
  settings: ClaudeSettings,
  place: SessionPlace,
  child: ClaudeChild,
  marker: string,
): Options => ({
  ...hostOptions(settings, child, marker),
  cwd: place.directory,
  ...(place.resume === undefined ? {} : { resume: place.resume }),
});

/**
 * Make sure that a process can start there: a missing directory would be reported as a missing program.
 * @throws ClaudeError `directory_unusable`
 */
export async function checkDirectory(directory: string): Promise<void> {
  const entry = await stat(directory).catch(() => undefined);
  if (entry?.isDirectory()) return;
  throw new ClaudeError('directory_unusable', `The working directory ${directory} is not there.`);
}
