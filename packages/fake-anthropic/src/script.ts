import type { Clock } from './clock.ts';
import type { Conversation } from './conversation.ts';
import type { ReplyPlan } from './plan.ts';
import type { MessagesRequest } from './request.ts';

/** What a script decides from. */
export type ScriptCall = {
  readonly request: MessagesRequest;
  readonly conversation: Conversation;
  readonly headers: Readonly<Record<string, string>>;
  /** `x-claude-code-session-id`, or undefined. */
  readonly sessionId: string | undefined;
  readonly clock: Clock;
};

/** Decides the reply to a request; what it throws becomes a 500 that names it. */
export type Script = (call: ScriptCall) => ReplyPlan | Promise<ReplyPlan>;
