/** What a reader of a turn looks at. */
export interface StreamEvent {
  readonly type: string;
  readonly content: string;
}

/**
 * The event in a `data` line.
 * @throws when it is none
 */
export const readEvent = (data: string): StreamEvent => {
  const event: unknown = JSON.parse(data);
  if (typeof event !== 'object' || event === null || !('type' in event) || !('content' in event))
    throw new Error(`no event: ${data}`);
  return { type: String(event.type), content: String(event.content) };
};
