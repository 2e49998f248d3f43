import type { Logger } from '../host/logger.ts';
import { longestMessage } from '../telegram/entities.ts';
import { formatMarkdown, formatPlain, splitMessage } from '../telegram/formatting/index.ts';
import type { StyledText } from '../telegram/telegram.ts';
import type { Format, MessagePart } from './delivery.ts';

/** What is longer goes as a first part and a document: nobody reads it as a row of messages. */
const longestSplit = 5 * longestMessage;
/** Enough of a long text for a first message, also where much of it is not seen, such as addresses. */
const headLength = 4 * longestMessage;

/** The messages that a text is sent as: at least one. Pure but for what it logs. */
export function planParts(text: string, format: Format, logger: Logger): MessagePart[] {
  const whole = text.trim() === '' ? '(There is nothing to tell.)' : text;
  if (whole.length <= longestSplit) return textParts(split(whole, format, logger));
  const [first] = split(whole.slice(0, headLength), format, logger);
  const caption = `The whole text: ${new Intl.NumberFormat('en').format(whole.length)} characters.`;
  return [
    ...textParts(first === undefined ? [] : [first]),
    { kind: 'document', text: caption, entities: [] },
  ];
}

/** The one message that a file is sent as. */
export const filePart = (caption: string): MessagePart => ({
  kind: 'document',
  text: caption,
  entities: [],
});

const textParts = (messages: readonly StyledText[]): MessagePart[] =>
  messages.map(({ text, entities }) => ({ kind: 'text', text, entities }));

function split(text: string, format: Format, logger: Logger): StyledText[] {
  const plain = (): StyledText[] => splitMessage(formatPlain(text));
  if (format === 'plain') return plain();
  try {
    const messages = splitMessage(formatMarkdown(text));
    // Nothing is seen of a text of comments and definitions alone.
    return messages.length > 0 ? messages : plain();
  } catch (error) {
    // A fault of ours must not keep a result from whom it is for.
    logger.error({ err: error }, 'a text could not be formatted, and goes as it is');
    return plain();
  }
}
