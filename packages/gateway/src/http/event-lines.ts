import { type LiveEvent, maxLineBytes, type TurnEvent } from '@mini-claude-bot/contract';

/**
 * Longest content of one event, in UTF-16 units: none takes more than 6 bytes in JSON, so that no event
 * is over the 16 KiB that the contract allows.
 */
const pieceLength = 2_700;

/** Cut a text into pieces, never between the halves of a character. */
export function pieces(text: string): string[] {
  const cut: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + pieceLength, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    cut.push(text.slice(start, end));
    start = end;
  }
  return cut;
}

const firstPiece = (text: string): string => pieces(text)[0] ?? '';

/** What a stream consists of: the events of a turn, or what changes. */
export type StreamedEvent = TurnEvent | LiveEvent;

const line = (event: StreamedEvent): string => `data: ${JSON.stringify(event)}\n\n`;

/**
 * An event as it goes over the wire: one line and a blank one, none as long as a client's buffer. A delta
 * becomes several where it is long; a whole reply that does not fit is left out, since its deltas were sent.
 */
export function eventLines(event: StreamedEvent): string[] {
  if ('topic' in event) return [line(event)];
  switch (event.type) {
    case 'text':
    case 'thinking':
      return pieces(event.content).map((content) => line({ ...event, content }));
    case 'done': {
      const whole = line(event);
      return Buffer.byteLength(whole) - 2 < maxLineBytes ? [whole] : [];
    }
    case 'tool':
      return [line({ ...event, name: firstPiece(event.name), content: firstPiece(event.content) })];
    default:
      return [line({ ...event, content: firstPiece(event.content) } as TurnEvent)];
  }
}
