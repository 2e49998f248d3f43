import type { HookCallbackMatcher, HookEvent } from '@anthropic-ai/claude-agent-sdk/core';

/**
 * What Claude is told beside a message: it stays in the conversation, right after the message, but is no
 * part of what the user said, and all that came before is the same as without it, so that the model's
 * cache goes on working.
 */
export class PromptContext {
  #text: string | undefined;

  /** For the next message that is sent, and for that one alone. */
  set(text: string | undefined): void {
    this.#text = text;
  }

  /** For the SDK: Claude Code asks for it when it gets a message. */
  get hooks(): Partial<Record<HookEvent, HookCallbackMatcher[]>> {
    return { UserPromptSubmit: [{ hooks: [async () => this.#take()] }] };
  }

  #take() {
    const additionalContext = this.#text;
    this.#text = undefined;
    if (additionalContext === undefined) return {};
    return {
      hookSpecificOutput: { hookEventName: 'UserPromptSubmit' as const, additionalContext },
    };
  }
}
