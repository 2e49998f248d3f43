import { validateHeaderName, validateHeaderValue } from 'node:http';
import { isObject, parseJson } from './json.ts';
import type { Ending, StopReason } from './plan.ts';

/** How a step fails when it is told to. */
export type Failure =
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'limit' }
  | { readonly kind: 'mid'; readonly ending: Exclude<Ending, { kind: 'complete' }> };

/** One marker of a prompt. The table in this package's README says what each does. */
export type Marker =
  | { readonly kind: 'think'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bash'; readonly command: string }
  | { readonly kind: 'tool'; readonly name: string; readonly input: Record<string, unknown> }
  | { readonly kind: 'words'; readonly count: number }
  | { readonly kind: 'echo' }
  | { readonly kind: 'history' }
  | { readonly kind: 'result' }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'next' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'chunk'; readonly count: number }
  | { readonly kind: 'stop'; readonly reason: StopReason }
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'times'; readonly count: number }
  | { readonly kind: 'failure'; readonly failure: Failure };

/** A stretch of a prompt. The raw texts of all segments, joined, are the prompt. */
export type Segment =
  | { readonly kind: 'plain'; readonly raw: string }
  | { readonly kind: 'marker'; readonly raw: string; readonly marker: Marker };

/**
 * Cut a prompt into markers and what stands around them. Never throws: what looks like a marker but is
 * unknown, unclosed or has a bad argument is plain text.
 */
export function parseMarkers(prompt: string): Segment[] {
  const segments: Segment[] = [];
  let plainFrom = 0;
  let at = prompt.indexOf('[[');
  while (at !== -1) {
    const found = markerAt(prompt, at);
    if (found !== undefined) {
      if (at > plainFrom) segments.push({ kind: 'plain', raw: prompt.slice(plainFrom, at) });
      segments.push({ kind: 'marker', raw: prompt.slice(at, found.end), marker: found.marker });
      plainFrom = found.end;
    }
    at = prompt.indexOf('[[', found === undefined ? at + 1 : found.end);
  }
  if (plainFrom < prompt.length) segments.push({ kind: 'plain', raw: prompt.slice(plainFrom) });
  return segments;
}

type Found = { readonly marker: Marker; readonly end: number };

const head = /\[\[(\/|[a-z]+(?:-[a-z]+)?)(?=:|\]\])/y;

function markerAt(prompt: string, at: number): Found | undefined {
  head.lastIndex = at;
  const name = head.exec(prompt)?.[1];
  if (name === undefined) return undefined;
  const bodyFrom = at + 2 + name.length;
  if (prompt[bodyFrom] === ']') {
    const marker = bare.get(name);
    return marker && { marker, end: bodyFrom + 2 };
  }
  if (name === 'tool') return toolAt(prompt, bodyFrom + 1);
  const read = withArgument.get(name);
  const bodyTo = read && closingOf(prompt, bodyFrom + 1);
  if (read === undefined || bodyTo === undefined) return undefined;
  const marker = read(prompt.slice(bodyFrom + 1, bodyTo));
  return marker && { marker, end: bodyTo + 2 };
}

/**
 * Where the brackets that close an argument begin. Pairs inside nest, so that `[[bash:[[ -f x ]] && y]]` and
 * `[[text:a [[b]] c]]` are one marker each; of a longer run the last pair closes: `[[text:[1]]]` is `[1]`.
 */
function closingOf(prompt: string, from: number): number | undefined {
  let depth = 1;
  for (const match of prompt.slice(from).matchAll(/\[\[|\]{2,}/g)) {
    if (match[0] === '[[') depth += 1;
    else if (match[0].length >= 2 * depth) return from + match.index + match[0].length - 2;
    else depth -= Math.floor(match[0].length / 2);
  }
  return undefined;
}

// Enough for any input a test writes by hand; bounds the work on hostile text.
const closingCandidates = 64;

/** JSON may hold any number of brackets, so the first close after which it parses counts. */
function toolAt(prompt: string, from: number): Found | undefined {
  const name = /^[\w.-]{1,128}/.exec(prompt.slice(from, from + 128))?.[0];
  if (name === undefined) return undefined;
  const inputFrom = from + name.length;
  let to = prompt.indexOf(']]', inputFrom);
  for (let tries = 0; to !== -1 && tries < closingCandidates; tries += 1) {
    const source = prompt.slice(inputFrom, to).trim();
    const input = parseJson(source === '' ? '{}' : source);
    if (input.ok && isObject(input.value))
      return { marker: { kind: 'tool', name, input: input.value }, end: to + 2 };
    to = prompt.indexOf(']]', to + 1);
  }
  return undefined;
}

const midway = (ending: Exclude<Ending, { kind: 'complete' }>): Marker => ({
  kind: 'failure',
  failure: { kind: 'mid', ending },
});

const overloaded = { errorType: 'overloaded_error', message: 'Overloaded' };

const bare: ReadonlyMap<string, Marker> = new Map<string, Marker>([
  ['/', { kind: 'next' }],
  ['echo', { kind: 'echo' }],
  ['history', { kind: 'history' }],
  ['result', { kind: 'result' }],
  ['hang', { kind: 'failure', failure: { kind: 'hang' } }],
  ['cut', { kind: 'failure', failure: { kind: 'cut' } }],
  ['limit', { kind: 'failure', failure: { kind: 'limit' } }],
  ['hang-mid', midway({ kind: 'hang' })],
  ['cut-mid', midway({ kind: 'cut' })],
  ['malformed', midway({ kind: 'malformed', how: 'json' })],
  ['garbage', midway({ kind: 'malformed', how: 'garbage' })],
  ['error-mid', midway({ kind: 'error_event', ...overloaded })],
]);

const withArgument: ReadonlyMap<string, (argument: string) => Marker | undefined> = new Map<
  string,
  (argument: string) => Marker | undefined
>([
  ['think', (text) => ({ kind: 'think', text })],
  ['text', (text) => ({ kind: 'text', text })],
  ['bash', (command) => ({ kind: 'bash', command })],
  ['words', numbered(1, 100_000, (count) => ({ kind: 'words', count }))],
  ['pause', numbered(0, 3_600_000, (ms) => ({ kind: 'pause', ms }))],
  ['slow', numbered(0, 60_000, (ms) => ({ kind: 'slow', ms }))],
  ['delay', numbered(0, 3_600_000, (ms) => ({ kind: 'delay', ms }))],
  ['chunk', numbered(1, 100_000, (count) => ({ kind: 'chunk', count }))],
  ['times', numbered(0, 1_000, (count) => ({ kind: 'times', count }))],
  [
    'status',
    numbered(400, 599, (status) => ({ kind: 'failure', failure: { kind: 'status', status } })),
  ],
  ['stop', stopMarker],
  ['header', headerMarker],
]);

function numbered(least: number, most: number, make: (value: number) => Marker) {
  return (argument: string): Marker | undefined => {
    const value = /^\s*\d{1,9}\s*$/.test(argument) ? Number(argument) : Number.NaN;
    return value >= least && value <= most ? make(value) : undefined;
  };
}

const stopReasons: readonly StopReason[] = [
  'end_turn',
  'tool_use',
  'max_tokens',
  'stop_sequence',
  'pause_turn',
  'refusal',
];

function stopMarker(argument: string): Marker | undefined {
  const reason = stopReasons.find((known) => known === argument.trim());
  return reason && { kind: 'stop', reason };
}

// These would change where the message ends, and with it the connection.
const framing = ['connection', 'content-length', 'transfer-encoding'];

function headerMarker(argument: string): Marker | undefined {
  const split = argument.indexOf('=');
  const name = argument.slice(0, Math.max(split, 0)).trim().toLowerCase();
  const value = argument.slice(split + 1).trim();
  if (framing.includes(name)) return undefined;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch {
    return undefined;
  }
  return { kind: 'header', name, value };
}
