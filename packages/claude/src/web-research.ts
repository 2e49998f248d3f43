import type {
  HookCallback,
  HookCallbackMatcher,
  HookEvent,
  Options,
} from '@anthropic-ai/claude-agent-sdk/core';

/** A session that looks things up, and hands over what it found in a certain form: it can do nothing else. */
export interface WebResearch {
  /** What Claude is told that it is there for, in place of Claude Code's own words. */
  readonly systemPrompt: string;
  /** JSON Schema of what each turn ends with. */
  readonly outputSchema: Readonly<Record<string, unknown>>;
  /** Why a page must not be fetched; undefined: it may. */
  readonly refuseFetch: (url: string) => Promise<string | undefined>;
  /** Fetch pages without first asking Anthropic about their domain: where only another API can be reached. */
  readonly skipDomainCheck: boolean;
}

/** All tools there are. */
const webTools = ['WebSearch', 'WebFetch'];

/** Over the options of other sessions. */
export const researchOptions = (
  research: WebResearch,
  hooks: Options['hooks'],
): Partial<Options> => ({
  tools: webTools,
  allowedTools: webTools,
  // What is not allowed is refused: nobody is there to be asked.
  permissionMode: 'dontAsk',
  allowDangerouslySkipPermissions: false,
  settingSources: [],
  settings: { skipWebFetchPreflight: research.skipDomainCheck },
  mcpServers: {},
  strictMcpConfig: true,
  systemPrompt: research.systemPrompt,
  outputFormat: { type: 'json_schema', schema: { ...research.outputSchema } },
  hooks: { ...hooks, PreToolUse: [guardOf(research)] } satisfies Partial<
    Record<HookEvent, HookCallbackMatcher[]>
  >,
});

function guardOf({ refuseFetch }: WebResearch): HookCallbackMatcher {
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
