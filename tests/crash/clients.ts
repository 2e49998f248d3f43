import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { openStream } from '../support/stream.ts';
import type { Attempt, AttemptEnd, ObservedInterruption, ObservedMessage } from './evidence.ts';
import type { Moments } from './moments.ts';
import type { PlannedInterruption, PlannedMessage } from './workload.ts';

/** As often as the Go bot sends a message again. */
const repeats = 5;
const answerWithinMs = 40_000;
const knockAgainMs = 20;

/** Where the clients of a round send to. */
export interface ClientsParts {
  readonly url: string;
  readonly moments: Moments;
  /** Aborted when nobody will listen any more. */
  readonly over: AbortSignal;
}

/**
 * A message's client: sends it, and after a lost connection sends the same text again, as the Go bot
 * does, until it is told the outcome or has tried often enough.
 */
export async function playMessage(
  planned: PlannedMessage,
  parts: ClientsParts,
): Promise<ObservedMessage> {
  const attempts: Attempt[] = [await attempt(planned, planned.habit.kind !== 'send', parts)];
  for (let n = 0; n < repeats && wantsMore(planned, attempts); n += 1) {
    attempts.push(await attempt({ ...planned, habit: { kind: 'send' } }, false, parts));
  }
  return { planned, attempts };
}

function wantsMore({ habit }: PlannedMessage, attempts: readonly Attempt[]): boolean {
  const end = attempts.at(-1)?.end.kind;
  if (end === 'left') return habit.kind === 'leave' && habit.comesBack;
  // Who was going to leave anyway does not notice that the connection broke.
  if (end === 'lost') return insists(habit);
  return end === 'not-run';
}

/** Whether a client with that habit goes on until it has the outcome. */
export const insists = (habit: PlannedMessage['habit']): boolean =>
  habit.kind === 'send' || habit.kind === 'stream' || (habit.kind === 'leave' && habit.comesBack);

async function attempt(
  planned: PlannedMessage,
  mayStream: boolean,
  parts: ClientsParts,
): Promise<Attempt> {
  for (;;) {
    const done =
      mayStream && planned.habit.kind !== 'hang-up'
        ? await streamed(planned, parts)
        : await sent(planned, parts);
    // Nobody listens: nothing was sent.
    const refused = done.end.kind === 'lost' && done.end.why.includes('ECONNREFUSED');
    if (!refused || parts.over.aborted) return done;
    await sleep(knockAgainMs);
  }
}

const bodyOf = ({ chat, text }: PlannedMessage) => ({
  bot_id: chat.botId,
  chat_id: chat.chatId,
  message: text,
  user_id: 'u1',
});

async function streamed(planned: PlannedMessage, { url, moments }: ClientsParts): Promise<Attempt> {
  const sentAt = performance.now();
  const told = (end: AttemptEnd): Attempt => ({ via: 'stream', sentAt, turn, end });
  let turn: Attempt['turn'];
  moments.note(planned.id, 'sent');
  try {
    const stream = await openStream(url, bodyOf(planned));
    if (stream.status !== 200) return told({ kind: 'odd', what: `status ${stream.status}` });
    for await (const event of stream.events()) {
      const at = performance.now();
      if (event.type === 'turn') {
        turn = { id: event.content, at };
        moments.note(planned.id, 'accepted');
      }
      if (event.type === 'done' || event.type === 'error') {
        moments.note(planned.id, 'told');
        const kind = event.type === 'done' ? 'told' : 'not-run';
        return told({ kind, content: event.content, at });
      }
      if (planned.habit.kind === 'leave' && planned.habit.at === event.type) {
        stream.leave();
        return told({ kind: 'left' });
      }
    }
    return told({ kind: 'odd', what: 'the stream ended in good order, without an end' });
  } catch (error) {
    return told({ kind: 'lost', why: whyOf(error) });
  }
}

const Reply = z.object({ response: z.string() });

async function sent(planned: PlannedMessage, { url, moments }: ClientsParts): Promise<Attempt> {
  const sentAt = performance.now();
  const told = (end: AttemptEnd): Attempt => ({ via: 'send', sentAt, turn: undefined, end });
  const { habit } = planned;
  const patienceMs = habit.kind === 'hang-up' ? habit.afterMs : answerWithinMs;
  moments.note(planned.id, 'sent');
  try {
    const response = await fetch(`${url}/api/gateway/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(planned)),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    if (!response.ok) return told({ kind: 'odd', what: `status ${response.status}: ${text}` });
    moments.note(planned.id, 'told');
    const content = Reply.parse(JSON.parse(text)).response;
    return told({ kind: 'told', content, at: performance.now() });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TimeoutError'))
      return told({ kind: 'lost', why: whyOf(error) });
    if (habit.kind === 'hang-up') return told({ kind: 'left' });
    return told({ kind: 'odd', what: `no answer within ${answerWithinMs / 1000} s` });
  }
}

/** A user who stops or resets a chat. They do not try again: if it did not work, they would see. */
export async function playInterruption(
  planned: PlannedInterruption,
  { url }: ClientsParts,
): Promise<ObservedInterruption> {
  const { kind, chat } = planned;
  const sentAt = performance.now();
  const path = kind === 'stop' ? 'stop' : `sessions/${encodeURIComponent(chat.chatId)}/reset`;
  try {
    const response = await fetch(`${url}/api/gateway/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        bot_id: chat.botId,
        ...(kind === 'stop' ? { chat_id: chat.chatId } : {}),
      }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
    await response.text();
    return { planned, sentAt, doneAt: response.ok ? performance.now() : undefined };
  } catch {
    return { planned, sentAt, doneAt: undefined };
  }
}

/** What a failed request says, with the system's reason behind it. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const more = cause instanceof Error ? ` (${code} ${cause.message})` : '';
  return error.message + more;
}
