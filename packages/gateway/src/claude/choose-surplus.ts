/** A warm session and the memory that its process holds, in bytes. */
export interface Measured {
  readonly key: string;
  readonly busy: boolean;
  readonly lastUsedMs: number;
  readonly bytes: number;
}

/**
 * Which warm sessions to close so that all together hold no more than `limit` bytes: idle ones, least
 * recently used first. The last one used stays, however large: its chat is the one most likely to go on.
 */
export function chooseSurplus(sessions: readonly Measured[], limit: number): Measured[] {
  let total = sessions.reduce((sum, { bytes }) => sum + bytes, 0);
  const idle = sessions.filter(({ busy }) => !busy).sort((a, b) => a.lastUsedMs - b.lastUsedMs);
  const chosen: Measured[] = [];
  for (const session of sessions.length > 1 ? idle.slice(0, -1) : []) {
    if (total <= limit) break;
    chosen.push(session);
    total -= session.bytes;
  }
  return chosen;
}
