import { UserFault } from '../user-fault.ts';

const units: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Seconds in `90m`, `12h`, `30d` or `4w`. @throws UserFault for anything else */
export function durationSeconds(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  const seconds = Number(count) * (units[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new UserFault(
    `--expires: ${JSON.stringify(text)} is not a time such as 90m, 12h, 30d or 4w.`,
    2,
  );
}
