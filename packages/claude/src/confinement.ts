import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { HookCallbackMatcher, HookEvent, Options } from '@anthropic-ai/claude-agent-sdk/core';

/** A session that works for strangers: on the files of its own directory, and on nothing else. */
export interface Confinement {
  /** US dollars that one process of it may spend. */
  readonly maxCostUsd: number;
}

/**
 * All tools there are: none of them starts a program or reaches the network, so that neither the environment nor a
 * login of the owner's is within reach, and nothing can be pushed.
 */
const confinedTools = ['Read', 'Edit', 'Write', 'Glob', 'Grep', 'NotebookEdit', 'TodoWrite'];

/** Where each of them names files. */
const pathFields = ['file_path', 'path', 'notebook_path'];

/** What runs by itself, on the owner's machine or on a server that has their secrets. */
const actingFolders = ['.github', '.claude', '.husky', '.githooks', '.vscode', '.devcontainer'];
const actingFiles = ['.mcp.json', '.envrc', '.gitmodules', '.gitattributes', '.gitlab-ci.yml'];
const writers = new Set(['Edit', 'Write', 'NotebookEdit']);

/** Over the options of any other session. */
export const confinedOptions = (
  directory: string,
  { maxCostUsd }: Confinement,
  hooks: Partial<Record<HookEvent, HookCallbackMatcher[]>>,
): Options => ({
  // Nobody is there to be asked: what would need asking is refused, and so is what is outside the directory.
  permissionMode: 'acceptEdits',
  allowDangerouslySkipPermissions: false,
  // Settings of a repository name programs to run, and those of the owner are none of a stranger's business.
  settingSources: [],
  strictMcpConfig: true,
  mcpServers: {},
  tools: confinedTools,
  allowedTools: [],
  maxBudgetUsd: maxCostUsd,
  hooks: {
    ...hooks,
    PreToolUse: [{ hooks: [async (input) => decide(directory, input)] }],
  },
});

async function decide(directory: string, input: unknown) {
  const why = await refusalOf(directory, input);
  if (why === undefined) return {};
  return {
    hookSpecificOutput: {
      hookEventName: 'PreToolUse' as const,
      permissionDecision: 'deny' as const,
      permissionDecisionReason: why,
    },
  };
}

/** Why a call of a tool is refused; undefined: it is not. What can't be told is refused. */
export const refusalOf = (directory: string, call: unknown): Promise<string | undefined> =>
  look(directory, call).catch(() => 'It can not be told what this reaches.');

async function look(directory: string, call: unknown): Promise<string | undefined> {
  const { tool_name: tool, tool_input: given } = objectOf(call);
  if (typeof tool !== 'string' || !confinedTools.includes(tool)) {
    return 'There are only tools for files here.';
  }
  const fields = objectOf(given);
  const { pattern } = fields;
  if (tool === 'Glob' && typeof pattern === 'string' && leaves(pattern)) return outside;
  const root = await realpath(directory);
  for (const field of pathFields) {
    const path = fields[field];
    if (path === undefined) continue;
    if (typeof path !== 'string') return outside;
    const real = await realPlace(resolve(root, path));
    const within = relative(root, real);
    if (within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within)) return outside;
    const why = refusalWithin(within, writers.has(tool));
    if (why !== undefined) return why;
  }
  return undefined;
}

const outside = 'Only files of the working directory can be used here.';

const leaves = (pattern: string): boolean =>
  isAbsolute(pattern) || pattern.startsWith('~') || /(^|[/\\{,])\.\.([/\\},]|$)/.test(pattern);

function refusalWithin(path: string, writes: boolean): string | undefined {
  const names = path.toLowerCase().split(sep);
  if (names.includes('.git')) return 'What is in .git is not to be used here.';
  const acts = names.some((name) => actingFolders.includes(name) || actingFiles.includes(name));
  return writes && acts
    ? `${path} can run programs by itself: it is not to be changed here.`
    : undefined;
}

/** Where a path leads, over all links, also if there is nothing yet. */
async function realPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const above = dirname(path);
    // Of a link that leads nowhere yet, nobody knows where a file would come to be.
    if (above === path || (await isLink(path))) throw error;
    return join(await realPlace(above), path.slice(above.length));
  }
}

async function isLink(path: string): Promise<boolean> {
  const entry = await lstat(path).catch(() => undefined);
  return entry?.isSymbolicLink() ?? false;
}

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** What the program itself needs to run and to reach the model: no token, key or agent of the owner's beside. */
const neededNames = [
  /^(PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|TZ|TMPDIR|TERM|IS_SANDBOX|API_TIMEOUT_MS)$/,
  /^LC_/,
  /^(HTTPS?|NO|ALL)_PROXY$/i,
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/,
  /^(ANTHROPIC|CLAUDE|AWS|GOOGLE|CLOUD_ML|VERTEX|DISABLE)_/,
];

export const confinedEnvironment = (
  environment: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) => neededNames.some((needed) => needed.test(name))),
  );
