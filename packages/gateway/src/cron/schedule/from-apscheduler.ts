/** The fields of the old system's expressions, as its library APScheduler read them. */
const limits: readonly { readonly min: number; readonly max: number }[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12 },
  { min: 0, max: 6 },
];
/** It counted the days of the week from Monday. */
const days = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];

/**
 * An expression of the old system, written so that it names the same times here. Three things differ:
 * numbers of week days began with Monday, a day had to fit both day fields where either is enough here,
 * and `5/10` stood for `5-59/10`.
 * @returns the same text where nothing has to change, or where it is none of that system's
 */
export function fromApscheduler(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5) return expression;
  const converted = fields.map((field, place) =>
    place === 4 ? weekDays(field) : place === 2 ? days31(field) : openSteps(field, place),
  );
  const [, , day = '', , weekDay = ''] = converted;
  if (!isAny(day) && !isAny(weekDay)) converted[4] = `+${weekDay}`;
  const result = converted.join(' ');
  return result === fields.join(' ') ? expression : result;
}

const isAny = (field: string): boolean => field === '*' || field === '*/1';

const each = (field: string, convert: (item: string) => string): string =>
  field
    .split(',')
    .map((item) => convert(item.trim()))
    .join(',');

/** `5/10` begins at 5 and has no end. */
const openSteps = (field: string, place: number): string =>
  each(field, (item) => item.replace(/^(\d+)\/(\d+)$/, `$1-${limits[place]?.max ?? 0}/$2`));

const days31 = (field: string): string => (field === 'last' ? 'L' : openSteps(field, 2));

const weekDays = (field: string): string => (isAny(field) ? '*' : each(field, weekDayItem));

function weekDayItem(item: string): string {
  const found = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
  if (found === null) return item;
  const [, any, from, to, step] = found;
  if (any !== undefined && step === undefined) return '*';
  const first = any === undefined ? dayNumber(from) : 0;
  const open = any !== undefined || (to === undefined && step !== undefined);
  const last = open ? 6 : to === undefined ? first : dayNumber(to);
  // What that system would have refused is left for our parser to refuse.
  if (first === undefined || last === undefined || first > last || step === '0') return item;
  if (step === undefined && last > first) return `${days[first]}-${days[last]}`;
  return days
    .filter((_, day) => day >= first && day <= last && (day - first) % Number(step ?? 1) === 0)
    .join(',');
}

function dayNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const named = days.indexOf(text.toUpperCase());
  if (named >= 0) return named;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= 0 && number <= 6 ? number : undefined;
}
