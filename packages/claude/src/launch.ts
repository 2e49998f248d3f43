import { stat } from 'node:fs/promises';
import type {
  McpSdkServerConfigWithInstance,
  Options,
  PermissionMode,
  SettingSource,
} from '@anthropic-ai/claude-agent-sdk/core';
import type { ClaudeChild } from './child.ts';
import { type Confinement, confinedOptions } from './confinement.ts';
import { markerVariable } from './environment.ts';
import { ClaudeError } from './failure.ts';
import type { PromptContext } from './prompt-context.ts';

/** What is the same for every session of a gateway. */
export interface ClaudeSettings {
  /** Path of the Claude Code program. */
  readonly executable: string;
  /** The whole environment of the process; see `claudeEnvironment`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly permissionMode: PermissionMode;
  readonly settingSources: readonly SettingSource[];
  readonly model?: string | undefined;
  /** Tools that every process gets from this one. */
  readonly tools?: OwnTools | undefined;
}

/** Tools that run in this process, and that Claude reaches through the one it runs in. */
export interface OwnTools {
  /** Claude sees them as `mcp__{name}__{tool}`. */
  readonly name: string;
  /** An MCP server for one process, which may be started before its session is known. */
  readonly create: (marker: string) => McpSdkServerConfigWithInstance['instance'];
}

/**
 * What a session begins with: nothing; a conversation that it goes on with; or a copy of one, which goes
 * on as it is beside it. The ids are Claude's.
 */
export type Conversation =
  | { readonly kind: 'new' }
  | { readonly kind: 'resumed'; readonly id: string }
  | { readonly kind: 'forked'; readonly from: string };

/** What is a session's own. */
export interface SessionPlace {
  /** Working directory: absolute, and there. */
  readonly directory: string;
  readonly conversation: Conversation;
  /** Unset: it may do what the settings say. */
  readonly confinement?: Confinement | undefined;
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
  context: PromptContext,
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
  hooks: context.hooks,
  ...toolOptions(settings.tools, marker),
  ...(settings.model === undefined ? {} : { model: settings.model }),
});

/** They are for Claude to use, in whatever mode: what they may do is decided where they run. */
function toolOptions(
  tools: OwnTools | undefined,
  marker: string,
): Pick<Options, 'mcpServers' | 'allowedTools'> {
  if (tools === undefined) return {};
  const { name } = tools;
  return {
    mcpServers: { [name]: { type: 'sdk', name, instance: tools.create(marker) } },
    allowedTools: [`mcp__${name}`],
  };
}

/** Options of one session's process. */
export const sessionOptions = (
  settings: ClaudeSettings,
  place: SessionPlace,
  child: ClaudeChild,
  marker: string,
  context: PromptContext,
): Options => ({
  ...hostOptions(settings, child, marker, context),
  cwd: place.directory,
  ...beginningOf(place.conversation),
  ...(place.confinement === undefined
    ? {}
    : confinedOptions(place.directory, place.confinement, context.hooks)),
});

function beginningOf(conversation: Conversation): Pick<Options, 'resume' | 'forkSession'> {
  switch (conversation.kind) {
    case 'new':
      return {};
    case 'resumed':
      return { resume: conversation.id };
    case 'forked':
      return { resume: conversation.from, forkSession: true };
  }
}

/**
 * Make sure that a process can start there: a missing directory would be reported as a missing program.
 * @throws ClaudeError `directory_unusable`
 */
export async function checkDirectory(directory: string): Promise<void> {
  const entry = await stat(directory).catch(() => undefined);
  if (entry?.isDirectory()) return;
  throw new ClaudeError('directory_unusable', `The working directory ${directory} is not there.`);
}
