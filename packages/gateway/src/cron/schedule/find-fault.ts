import { CronPattern } from 'croner';

/** What the parser takes. `5/10`, which many write, is `5-59/10`. */
export const expressionForm = { mode: '5-or-6-parts', sloppyRanges: true } as const;

interface Field {
  readonly name: string;
  readonly takes: string;
}

/** In the order in which they are written; seconds may be left out. */
const fields: readonly Field[] = [
  { name: 'second', takes: '0-59' },
  { name: 'minute', takes: '0-59' },
  { name: 'hour', takes: '0-23' },
  { name: 'day of month', takes: '1-31, L, LW or 15W' },
  { name: 'month', takes: '1-12 or JAN-DEC' },
  { name: 'day of week', takes: '0-7 or SUN-SAT (0 and 7 are Sunday), FRI#2 or FRI#L' },
];

const nicknames = '@yearly, @monthly, @weekly, @daily, @hourly, or @at with a time';

/** What is wrong with an expression that the parser refuses, for the person who wrote it. */
export function findFault(expression: string, reason: string): string {
  const parts = expression.split(/\s+/);
  if (expression === '') return 'is empty; five fields are needed, such as 30 9 * * 1-5';
  if (expression.startsWith('@'))
    return `${quoted(expression)} is not known; there are ${nicknames}`;
  if (parts.length !== 5 && parts.length !== 6) {
    return (
      `has ${parts.length} ${parts.length === 1 ? 'field' : 'fields'}; it takes five (minute, hour, day of month, month, day of week), ` +
      'or six with seconds first'
    );
  }
  const named = parts.length === 6 ? fields : fields.slice(1);
  const faults = named.flatMap((field, place) => {
    const text = parts[place] ?? '';
    const why = refusal(parts.map((part, index) => (index === place ? part : '*')));
    return why === undefined ? [] : [faultOf(field, text, why)];
  });
  return faults.length > 0 ? faults.join('; ') : readable(reason);
}

const quoted = (text: string): string => JSON.stringify(text);

function refusal(parts: readonly string[]): string | undefined {
  try {
    new CronPattern(parts.join(' '), undefined, expressionForm);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function faultOf({ name, takes }: Field, text: string, why: string): string {
  // Of a value out of range the parser tells a number that may be one less than the one written.
  const known = /Invalid value|illegal characters/.test(why) ? '' : ` (${readable(why)})`;
  return `the ${name} ${quoted(text)} is not valid${known}; it takes ${takes}, with * , - and /`;
}

const readable = (why: string): string =>
  why
    .replace(/^CronPattern: /, '')
    .replace(/^Syntax error, /, '')
    .replace(/\.$/, '');
