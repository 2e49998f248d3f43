import { operations } from '@mini-claude-bot/contract';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { faultOf, faultResult, WaitedTooLongError } from './faults.ts';
import type { LongAnswers } from './long-answers.ts';
import { isList } from './result-schema.ts';
import { type CallContext, sendMessage } from './send-message.ts';
import type { Scope, Speaker } from './speaker.ts';
import type { After } from './time.ts';
import { readArguments, type Tool } from './tool.ts';

/** What calls are made with. */
export interface CallParts {
  readonly scope: Scope;
  readonly answers: Pick<LongAnswers, 'fitObject' | 'fitList'>;
  readonly after: After;
  /** How long an answer of the gateway is waited for, in milliseconds. */
  readonly callMs: number;
  /** The same for what takes as long as Claude takes. */
  readonly claudeMs: number;
  readonly newKey: () => string;
  /** A fault that nobody foresaw. */
  readonly onFault: (error: unknown) => void;
}

/** Between two signs of life of a call that takes long, in milliseconds. */
const signOfLifeMs = 10_000;

/** Call a tool. Never rejects: what goes wrong is a result that a model can read. */
export async function callTool(
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  parts: CallParts,
  context: CallContext,
): Promise<CallToolResult> {
  try {
    return resultOf(await answerOf(tool, given, parts, context));
  } catch (error) {
    const fault = faultOf(error);
    if (fault !== undefined) return faultResult(fault);
    if (!context.signal.aborted) parts.onFault(error);
    const message = `A fault of the MCP server kept ${tool.listing.name} from being done; its log says more.`;
    return faultResult({ code: 'internal', message });
  }
}

export const resultOf = (structured: Record<string, unknown>): CallToolResult => ({
  structuredContent: structured,
  // For clients that know no structured results.
  content: [{ type: 'text', text: JSON.stringify(structured) }],
});

/** The answer of an operation as an object that is not too long. Throws as the gateway's client does. */
export async function answerOf(
  tool: Tool,
  given: Readonly<Record<string, unknown>>,
  parts: CallParts,
  context: CallContext,
): Promise<Record<string, unknown>> {
  const { answers, scope } = parts;
  const speaker = scope.speaker();
  const input = readArguments(tool, given, speaker.bound, scope);
  const answer = await ask(tool, input, speaker, parts, context);
  if (isList(tool.operation.output.schema)) return answers.fitList(answer as unknown[]);
  return answers.fitObject(answer as Record<string, unknown>);
}

async function ask(
  { operation, spec }: Tool,
  input: Record<string, unknown>,
  { client }: Speaker,
  { after, callMs, claudeMs, newKey }: CallParts,
  context: CallContext,
): Promise<unknown> {
  const longestMs = spec.slow ? claudeMs : callMs;
  const stopSigns = spec.slow ? signsOfLife(after, context) : () => {};
  try {
    if (operation.id === operations.sendMessage.id)
      return await sendMessage(input, { client, after, longestMs, newKey }, context);
    return await within(longestMs, after, context.signal, (signal) =>
      client.call(operation, input as never, signal),
    );
  } finally {
    stopSigns();
  }
}

/** @throws WaitedTooLongError */
async function within<T>(
  longestMs: number,
  after: After,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tooLong = new AbortController();
  const stopClock = after(longestMs, () => tooLong.abort());
  try {
    return await act(AbortSignal.any([signal, tooLong.signal]));
  } catch (error) {
    if (!tooLong.signal.aborted) throw error;
    const seconds = Math.round(longestMs / 1000);
    throw new WaitedTooLongError(
      `The gateway has not answered within ${seconds} s (MCB_MCP_TIMEOUT, or MCB_GATEWAY_TIMEOUT for what ` +
        'takes long). Look whether it was done before you ask again.',
    );
  } finally {
    stopClock();
  }
}

function signsOfLife(after: After, { progress }: CallContext): () => void {
  let cancel = (): void => {};
  let seconds = 0;
  const next = (): void => {
    cancel = after(signOfLifeMs, () => {
      seconds += signOfLifeMs / 1000;
      progress(`At work for ${seconds} s.`);
      next();
    });
  };
  next();
  return () => cancel();
}
