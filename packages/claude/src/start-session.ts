import type { SDKUserMessage } from '@anthropic-ai/claude-agent-sdk/core';
import { ClaudeChild } from './child.ts';
import { ClaudeError } from './failure.ts';
import { InputQueue } from './input-queue.ts';
import {
  type ClaudeSettings,
  checkDirectory,
  type SessionPlace,
  sessionOptions,
} from './launch.ts';
import { LiveSession } from './live-session.ts';
import { PromptContext } from './prompt-context.ts';
import { loadSdk } from './sdk.ts';

/**
 * Start a Claude process for a session. It takes its first message while it still comes up.
 * @param marker unique to this process
 * @param now Unix milliseconds
 * @throws ClaudeError `directory_unusable`, `claude_start_failed`
 */
export async function startSession(
  settings: ClaudeSettings,
  place: SessionPlace,
  marker: string,
  now: () => number,
): Promise<LiveSession> {
  const [{ query }] = await Promise.all([loadSdk(), checkDirectory(place.directory)]);
  const child = new ClaudeChild(marker);
  const input = new InputQueue<SDKUserMessage>();
  const context = new PromptContext();
  try {
    const options = sessionOptions(settings, place, child, marker, context);
    return new LiveSession({
      query: query({ prompt: input, options }),
      input,
      child,
      context,
      now,
    });
  } catch (cause) {
    // Such as no more files or processes for this user: what there is of it must not stay.
    await child.end();
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ClaudeError('claude_start_failed', `Claude Code could not be started: ${why}.`, {
      cause,
    });
  }
}
