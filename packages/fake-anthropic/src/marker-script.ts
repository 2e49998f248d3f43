import { createHash } from 'node:crypto';
import { defaultReply } from './default-reply.ts';
import { type Failure, type Marker, parseMarkers } from './markers.ts';
import {
  bash,
  type ContentItem,
  cut,
  endingWith,
  hang,
  type MessagePlan,
  pause,
  type ReplyPlan,
  refuse,
  reply,
  text,
  thinking,
  toolUse,
  usageLimit,
} from './plan.ts';
import type { Script, ScriptCall } from './script.ts';
import { sideCallReply } from './side-calls.ts';

/** What streams before a failure mid-stream, if the step has nothing before it. */
export const lostText = 'This beginning is going to be lost.';

/** What the model says once a prompt's steps are used up. */
export const afterLastStep = 'Done.';

const fiveHoursMs = 5 * 60 * 60 * 1000;

/**
 * The script that follows the markers in the last prompt. Without any it asks the fallback.
 *
 * A loop of tool calls needs no state: the number of assistant messages since the prompt says which step is
 * due. Only `[[times:n]]` does, so each script made here counts tries of its own.
 */
export function createMarkerScript(fallback: Script = defaultReply): Script {
  const tries = new TryCounter();
  return (call) => {
    const side = sideCallReply(call);
    if (side !== undefined) return side;
    const markers = parseMarkers(call.conversation.prompt).flatMap((segment) =>
      segment.kind === 'marker' ? [segment.marker] : [],
    );
    if (markers.length === 0) return fallback(call);
    const step = stepsOf(markers)[call.conversation.step];
    return step === undefined ? reply(text(afterLastStep)) : follow(step, call, fallback, tries);
  };
}

function stepsOf(markers: readonly Marker[]): Marker[][] {
  const steps: Marker[][] = [[]];
  for (const marker of markers) {
    if (marker.kind === 'next') steps.push([]);
    else steps.at(-1)?.push(marker);
  }
  return steps;
}

async function follow(
  step: readonly Marker[],
  call: ScriptCall,
  fallback: Script,
  tries: TryCounter,
): Promise<ReplyPlan> {
  const failureAt = step.findIndex((marker) => marker.kind === 'failure');
  const failing = failureAt !== -1 && tries.count(call) <= timesOf(step);
  const failure = failing ? step[failureAt] : undefined;
  // What came before the cut arrived then: the CLI asks only for the rest.
  const { resumes } = call.conversation;
  if (failure?.kind !== 'failure')
    return styled(await succeed(resumes ? step.slice(failureAt + 1) : step, call, fallback), step);
  const before = resumes ? [] : contentOf(step.slice(0, failureAt), call);
  return styled(fail(failure.failure, before, call), step);
}

function timesOf(step: readonly Marker[]): number {
  const times = step.find((marker) => marker.kind === 'times');
  return times === undefined ? Number.POSITIVE_INFINITY : times.count;
}

async function succeed(
  step: readonly Marker[],
  call: ScriptCall,
  fallback: Script,
): Promise<ReplyPlan> {
  const content = contentOf(step, call);
  if (content.some((item) => item.kind !== 'pause')) return reply(...content);
  const plan = await fallback(call);
  return plan.kind === 'message' ? { ...plan, content: [...content, ...plan.content] } : plan;
}

function fail(failure: Failure, before: readonly ContentItem[], call: ScriptCall): ReplyPlan {
  switch (failure.kind) {
    case 'hang':
      return hang();
    case 'cut':
      return cut();
    case 'status':
      return refuse(failure.status);
    case 'limit':
      return usageLimit(call.clock.now().epochMs + fiveHoursMs);
    case 'mid': {
      const started = before.some((item) => item.kind !== 'pause');
      return endingWith(reply(...before, ...(started ? [] : [text(lostText)])), failure.ending);
    }
  }
}

function contentOf(step: readonly Marker[], call: ScriptCall): ContentItem[] {
  return step.flatMap((marker) => itemOf(marker, call) ?? []);
}

function itemOf(marker: Marker, { conversation }: ScriptCall): ContentItem | undefined {
  switch (marker.kind) {
    case 'think':
      return thinking(marker.text);
    case 'text':
      return text(marker.text);
    case 'bash':
      return bash(marker.command);
    case 'tool':
      return toolUse(marker.name, marker.input);
    case 'words':
      return text(wordsOf(marker.count));
    case 'echo':
      return text(conversation.prompt);
    case 'history':
      return text(JSON.stringify(conversation.earlierPrompts));
    case 'result':
      return text(conversation.lastToolResult ?? '(no tool result)');
    case 'pause':
      return pause(marker.ms);
    default:
      return undefined;
  }
}

const vocabulary = 'river stone amber quiet lantern orchard copper meadow violet harbor'.split(' ');

/** So many words; the same for the same number. */
function wordsOf(count: number): string {
  return Array.from({ length: count }, (_, index) => vocabulary[index % vocabulary.length]).join(
    ' ',
  );
}

function styled(plan: ReplyPlan, step: readonly Marker[]): ReplyPlan {
  if (plan.kind === 'hang' || plan.kind === 'cut') return plan;
  const headers = Object.fromEntries(
    step.flatMap((marker) => (marker.kind === 'header' ? [[marker.name, marker.value]] : [])),
  );
  const delayMs = step.find((marker) => marker.kind === 'delay')?.ms ?? plan.delayMs;
  const changed = { ...plan, delayMs, headers: { ...plan.headers, ...headers } };
  return changed.kind === 'message' ? withPace(changed, step) : changed;
}

function withPace(plan: MessagePlan, step: readonly Marker[]): MessagePlan {
  const chunk = step.find((marker) => marker.kind === 'chunk');
  const stop = step.find((marker) => marker.kind === 'stop');
  return {
    ...plan,
    intervalMs: step.find((marker) => marker.kind === 'slow')?.ms ?? plan.intervalMs,
    chunking: chunk ? { by: 'characters', count: chunk.count } : plan.chunking,
    ending:
      stop && plan.ending.kind === 'complete'
        ? { kind: 'complete', stopReason: stop.reason }
        : plan.ending,
  };
}

const keptCounts = 10_000;

/** Counts how often the same step of the same prompt was asked for. */
class TryCounter {
  readonly #counts = new Map<string, number>();

  count({ conversation, sessionId }: ScriptCall): number {
    const { prompt, earlierPrompts, step } = conversation;
    // The number of earlier prompts tells a prompt from the same one sent again later.
    const place = JSON.stringify([sessionId, earlierPrompts.length, step, prompt]);
    const key = createHash('sha256').update(place).digest('base64');
    const tries = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, tries);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > keptCounts && !oldest.done) this.#counts.delete(oldest.value);
    return tries;
  }
}
