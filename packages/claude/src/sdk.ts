type Sdk = typeof import('@anthropic-ai/claude-agent-sdk/core');

/**
 * The SDK, loaded when it is first needed: that takes a tenth of a second and some 20 MB, which a process
 * that starts, and a command that asks Claude nothing, can do without.
 */
export const loadSdk = (): Promise<Sdk> => import('@anthropic-ai/claude-agent-sdk/core');
