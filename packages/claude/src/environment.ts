import { resolve } from 'node:path';

/**
 * Variables that tell a Claude process it runs inside another one. Everything else of the owner's,
 * such as CLAUDE_CODE_USE_BEDROCK or CLAUDE_CODE_OAUTH_TOKEN, is theirs to set and passes.
 */
const nestedSession = [
  /^CLAUDECODE$/,
  /^CLAUDE_PID$/,
  /^CLAUDE_EFFORT$/,
  /^AI_AGENT$/,
  /^CLAUDE_AGENT_SDK_VERSION$/,
  /^CLAUDE_CODE_(ENTRYPOINT|EXECPATH|SSE_PORT)$/,
  /^CLAUDE_CODE_(CHILD|MESSAGING|RESUME|SESSION)_/,
];

/**
 * Defaults, which the owner's own values override. Without them the CLI tries ten times over three
 * minutes, waits six minutes for an answer's first byte, and starts turns nobody asked for.
 */
const defaults = {
  CLAUDE_CODE_MAX_RETRIES: '4',
  API_TIMEOUT_MS: '120000',
  CLAUDE_BYTE_STREAM_IDLE_TIMEOUT_MS: '60000',
  CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
  DISABLE_AUTOUPDATER: '1',
  CLAUDE_AGENT_SDK_CLIENT_APP: 'mini-claude-bot',
};

/** Where Claude keeps its login, settings and transcripts; `~/.claude` without it. */
const configDirectory = 'CLAUDE_CONFIG_DIR';

/** Carried by a Claude process and by all that it starts: how its tree is found, whatever its shape. */
export const markerVariable = 'MCB_PROCESS_MARKER';

/**
 * The environment of a Claude process.
 * @param owner the owner's environment
 * @param secrets names of variables that are the gateway's own and stay with it
 */
export function claudeEnvironment(
  owner: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
): Record<string, string> {
  const kept: Record<string, string> = { ...defaults };
  for (const [name, value] of Object.entries(owner)) {
    if (value === undefined || secrets.includes(name)) continue;
    if (name === markerVariable || nestedSession.some((pattern) => pattern.test(name))) continue;
    if (name !== configDirectory) kept[name] = value;
    // Claude takes both as below its working directory, which is another one for each chat.
    else if (value.trim() !== '') kept[name] = resolve(value);
  }
  return kept;
}
