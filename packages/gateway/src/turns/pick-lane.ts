/** A lane whose first job could start now. */
export interface LaneView {
  readonly name: string;
  /** When its first job came; smaller is earlier. */
  readonly order: number;
  /** Jobs of its chat that run, in other lanes. */
  readonly chatRunning: number;
  /** When a job of its chat was last started; smaller is longer ago. */
  readonly chatLastStart: number;
}

/**
 * Which lane gets the free slot: the chat with the fewest running, then the one that was served longest
 * ago, then the job that came first. So a chat with a long queue gets no more than its share.
 */
export function pickLane(lanes: readonly LaneView[]): string | undefined {
  let best: LaneView | undefined;
  for (const lane of lanes) if (best === undefined || comesFirst(lane, best)) best = lane;
  return best?.name;
}

function comesFirst(a: LaneView, b: LaneView): boolean {
  if (a.chatRunning !== b.chatRunning) return a.chatRunning < b.chatRunning;
  if (a.chatLastStart !== b.chatLastStart) return a.chatLastStart < b.chatLastStart;
  return a.order < b.order;
}
