/**
 * What a background reply says of its harness, in a form of its own: the wire contract's "Harness markers".
 * `[HARNESS_EXEC_READY]` is for the chat's client, and passes through untouched.
 */
export type Marker =
  | {
      readonly kind: 'batch_done';
      readonly phase: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'blocked'; readonly taskId: string; readonly reason: string }
  | { readonly kind: 'complete' };

/** A reply may talk about markers; what it means stands at its end. */
const lookedAt = 2_000;

// A reason may have brackets of its own: it ends with its line, or where the next marker begins.
const anyMarker =
  /\[HARNESS_BATCH_DONE:([^\]\n]*?):(\d{1,6})\/(\d{1,6})\]|\[HARNESS_BLOCKED:([^:\]\n]*):([^\n]*?)\](?=[ \t]*(?:$|\[HARNESS_))|\[HARNESS_COMPLETE\]/gm;

/** The last marker in the last 2,000 characters of a reply. */
export function readMarker(reply: string): Marker | undefined {
  const found = [...reply.slice(-lookedAt).matchAll(anyMarker)].at(-1);
  if (found === undefined) return undefined;
  const [, phase, done, total, taskId, reason] = found;
  if (phase !== undefined) {
    return { kind: 'batch_done', phase: phase.trim(), done: Number(done), total: Number(total) };
  }
  if (taskId !== undefined) {
    return { kind: 'blocked', taskId: taskId.trim(), reason: (reason ?? '').trim() };
  }
  return { kind: 'complete' };
}

/** The reply as people should read it. */
export function withoutMarkers(reply: string): string {
  const kept = reply.slice(0, -lookedAt);
  return `${kept}${reply.slice(kept.length).replace(anyMarker, '')}`.trim();
}
