import type { Entity } from './message.ts';

const mostEntities = 100;
const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\n';
const isQuote = ({ type }: Entity): boolean =>
  type === 'blockquote' || type === 'expandable_blockquote';
const isFixed = ({ type }: Entity): boolean => type === 'code' || type === 'pre';
/** Those that no other of them may be in or around. */
const isContinuous = (entity: Entity): boolean => isFixed(entity) || entity.type === 'text_link';

/**
 * What is wrong with the styles of a text, in the words of an answer; undefined: nothing. Bounds, halves of
 * characters and addresses are refused by the real server as well (`fix_formatted_text` of TDLib). The rest
 * it mends by itself: it cuts, drops and splits entities. Here that is refused too, so that a test sees it.
 */
export function checkEntities(text: string, entities: readonly Entity[]): string | undefined {
  if (entities.length > mostEntities) return `more than ${mostEntities} entities`;
  for (const entity of entities) {
    const fault = checkOne(text, entity);
    if (fault !== undefined) return fault;
  }
  for (const [index, a] of entities.entries()) {
    for (const b of entities.slice(index + 1)) {
      const fault = checkPair(a, b);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function checkOne(text: string, entity: Entity): string | undefined {
  const { offset, length, type } = entity;
  const end = offset + length;
  if (offset < 0 || length <= 0)
    return `Receive an entity with incorrect bounds ${offset}+${length}`;
  if (end > text.length) {
    return `Entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${end}`;
  }
  if (splitsPair(text, offset)) return 'Entity begins in a middle of a UTF-16 symbol';
  if (splitsPair(text, end)) return 'Entity ends in a middle of a UTF-16 symbol';
  if (isBlank(text[offset]) || isBlank(text[end - 1])) {
    return `entity ${type} at ${offset} begins or ends with blanks`;
  }
  if (type === 'text_link' && !isAddress(entity.url))
    return `Entity URL "${entity.url}" is invalid`;
  return undefined;
}

function checkPair(a: Entity, b: Entity): string | undefined {
  const [aEnd, bEnd] = [a.offset + a.length, b.offset + b.length];
  if (aEnd <= b.offset || bEnd <= a.offset) return undefined;
  const name = `${a.type} at ${a.offset} and ${b.type} at ${b.offset}`;
  const nested = (a.offset <= b.offset && bEnd <= aEnd) || (b.offset <= a.offset && aEnd <= bEnd);
  if (!nested) return `entities cross: ${name}`;
  if (a.type === b.type) return `an entity within another of its kind: ${name}`;
  if (isQuote(a) && isQuote(b)) return `a quote within a quote: ${name}`;
  if (isContinuous(a) && isContinuous(b)) return `entities that can't be nested: ${name}`;
  if ((isFixed(a) && !isQuote(b)) || (isFixed(b) && !isQuote(a))) return `a style on code: ${name}`;
  // Of a quote and something else, the quote is the outer one.
  if (isQuote(a) && (b.offset < a.offset || bEnd > aEnd))
    return `something around a quote: ${name}`;
  if (isQuote(b) && (a.offset < b.offset || aEnd > bEnd))
    return `something around a quote: ${name}`;
  return undefined;
}

const splitsPair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');

function isAddress(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'tg:' || (/^(https?|ftp):$/.test(protocol) && hostname.includes('.'));
}
