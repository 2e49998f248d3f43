import type {
  HookCallback,
  HookCallbackMatcher,
  HookEvent,
  Options,
} from '@anthropic-ai/claude-agent-sdk/core';

/**
 * What a session may do that is there for one thing only: of Claude's own tools the named ones and no others,
 * none of the owner's settings, and no other tools.
 */
export interface Confinement {
  /** Names of Claude's own tools. */
  readonly tools: readonly string[];
  /** What Claude is told that it is there for, in place of Claude Code's own words. */
  readonly systemPrompt: string;
  /** JSON Schema of what each turn ends with. */
  readonly outputSchema: Readonly<Record<string, unknown>>;
  /** Why a page must not be fetched; undefined: it may. */
  readonly refuseFetch: (url: string) => Promise<string | undefined>;
  /** Fetch pages without first asking Anthropic about their domain: where only another API can be reached. */
  readonly skipDomainCheck: boolean;
}

/** Over the options of other sessions. */
export const confinedOptions = (
  confinement: Confinement,
  hooks: Options['hooks'],
): Partial<Options> => ({
  tools: [...confinement.tools],
  allowedTools: [...confinement.tools],
  // What is not allowed is refused: nobody is there to be asked.
  permissionMode: 'dontAsk',
  allowDangerouslySkipPermissions: false,
  settingSources: [],
  settings: { skipWebFetchPreflight: confinement.skipDomainCheck },
  mcpServers: {},
  strictMcpConfig: true,
  systemPrompt: confinement.systemPrompt,
  outputFormat: { type: 'json_schema', schema: { ...confinement.outputSchema } },
  hooks: { ...hooks, PreToolUse: [guardOf(confinement)] } satisfies Partial<
    Record<HookEvent, HookCallbackMatcher[]>
  >,
});

function guardOf({ refuseFetch }: Confinement): HookCallbackMatcher {
  const guard: HookCallback = async (input) => {
    if (input.hook_event_name !== 'PreToolUse') return {};
    const url = urlOf(input.tool_input);
    const why = url === undefined ? 'it names no address' : await refuseFetch(url);
    if (why === undefined) return {};
    return {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: `That page can't be fetched: ${why}.`,
      },
    };
  };
  return { matcher: 'WebFetch', hooks: [guard] };
}

const urlOf = (input: unknown): string | undefined =>
  typeof input === 'object' && input !== null && 'url' in input && typeof input.url === 'string'
    ? input.url
    : undefined;
