/** Environment of a gateway whose turns all fail at once: for tests that look at something else. */
export const noClaude = { CLAUDE_BIN: '/nowhere/claude' } as const;
