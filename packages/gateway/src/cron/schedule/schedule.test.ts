import { describe, expect, test } from 'vitest';
import { parseSchedule, type Schedule, within } from './schedule.ts';

function schedule(expression: string, timeZone = 'UTC'): Schedule {
  const parsed = parseSchedule(expression, timeZone);
  if (parsed.kind === 'fault') throw new Error(parsed.message);
  return parsed.schedule;
}

/** The next times, in UTC. */
function times(of: Schedule, from: string, n: number): string[] {
  const found: string[] = [];
  for (let ms = Date.parse(from); found.length < n; ) {
    const next = of.next(ms);
    if (next === undefined) break;
    found.push(new Date(next).toISOString().slice(0, 19));
    ms = next;
  }
  return found;
}

describe('what can be written', () => {
  // Thursday, 1 January 2026.
  test.each([
    ['0 0 * * 7', '2026-01-04T00:00:00'],
    ['0 0 * * 0', '2026-01-04T00:00:00'],
    ['0 0 * * 5-7', '2026-01-02T00:00:00'],
    ['0 0 * * MON-FRI', '2026-01-02T00:00:00'],
    ['0 0 * FEB *', '2026-02-01T00:00:00'],
    ['0 0 L * *', '2026-01-31T00:00:00'],
    ['0 0 * * FRI#2', '2026-01-09T00:00:00'],
    ['0 0 * * FRI#L', '2026-01-30T00:00:00'],
    ['0 0 13 * FRI', '2026-01-02T00:00:00'],
    ['0 0 13 * +FRI', '2026-02-13T00:00:00'],
    ['*/20 * * * * *', '2026-01-01T00:00:20'],
    ['10-30/10 * * * *', '2026-01-01T00:10:00'],
    ['7/20 * * * *', '2026-01-01T00:07:00'],
    ['0 0 * * 2/3', '2026-01-02T00:00:00'],
    ['@yearly', '2027-01-01T00:00:00'],
    ['@monthly', '2026-02-01T00:00:00'],
    ['@weekly', '2026-01-04T00:00:00'],
    ['@daily', '2026-01-02T00:00:00'],
    ['@midnight', '2026-01-02T00:00:00'],
    ['@hourly', '2026-01-01T01:00:00'],
    ['  0  9   * * 1 ', '2026-01-05T09:00:00'],
    ['@at 2026-12-24T18:00', '2026-12-24T18:00:00'],
    ['@at 2026-12-24 18:00:30+01:00', '2026-12-24T17:00:30'],
  ])('%s', (expression, first) => {
    expect(times(schedule(expression), '2026-01-01T00:00:00Z', 1)).toEqual([first]);
  });

  test('one time comes once', () => {
    const at = schedule('@at 2026-12-24T18:00', 'Europe/Berlin');
    expect(times(at, '2026-01-01T00:00:00Z', 3)).toEqual(['2026-12-24T17:00:00']);
    expect(at.next(Date.parse('2026-12-24T17:00:00Z'))).toBeUndefined();
  });
});

describe('what is wrong is told by field', () => {
  test.each([
    ['61 * * * *', ['minute "61"', '0-59']],
    ['* 24 * * *', ['hour "24"', '0-23']],
    ['0 0 32 * *', ['day of month "32"']],
    ['0 0 * 13 *', ['month "13"']],
    ['0 0 * * 8', ['day of week "8"', '0 and 7 are Sunday']],
    ['0 0 * * MOON', ['day of week "MOON"']],
    ['60 0 0 * * *', ['second "60"']],
    ['99 99 * * *', ['minute "99"', 'hour "99"']],
    ['*/0 * * * *', ['minute "*/0"']],
    ['5-1 * * * *', ['minute "5-1"', 'larger']],
    ['* * *', ['has 3 fields']],
    ['* * * * * * *', ['has 7 fields']],
    ['', ['is empty']],
    ['@fortnightly', ['"@fortnightly" is not known']],
    ['@reboot', ['"@reboot" is not known']],
    ['0 0 30 2 *', ['never comes']],
    ['@at tomorrow', ['"tomorrow" is not a time']],
    ['@at 2026-02-30T10:00', ['is not a time']],
    ['2026-12-24T18:00', ['has 1 field']],
  ])('%s', (expression, words) => {
    const parsed = parseSchedule(expression, 'UTC');
    expect(parsed).toMatchObject({ kind: 'fault', in: 'expression' });
    for (const word of words)
      expect(parsed).toHaveProperty('message', expect.stringContaining(word));
  });

  test.each(['Mars/Olympus', '+01:00', '', 'Europe/Berlin\0'])('the time zone %j', (zone) => {
    expect(parseSchedule('* * * * *', zone)).toMatchObject({ kind: 'fault', in: 'timezone' });
  });
});

describe('nights when clocks change', () => {
  test.each([
    // The hour from 2 to 3 is left out.
    [
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00', '2026-03-30T00:30:00'],
    ],
    [
      '0,30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00', '2026-03-30T00:00:00'],
    ],
    [
      '*/30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-30T00:00:00', '2026-03-30T00:30:00'],
    ],
    [
      '30 * * * *',
      'Europe/Berlin',
      '2026-03-29T00:00:00Z',
      ['2026-03-29T00:30:00', '2026-03-29T01:30:00'],
    ],
    // The hour from 1 to 2 comes twice.
    [
      '30 1 * * *',
      'America/New_York',
      '2026-10-31T12:00:00Z',
      ['2026-11-01T05:30:00', '2026-11-02T06:30:00'],
    ],
    [
      '30 * * * *',
      'America/New_York',
      '2026-11-01T05:00:00Z',
      ['2026-11-01T05:30:00', '2026-11-01T06:30:00'],
    ],
    // Half an hour, and a change at midnight.
    [
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T00:00:00Z',
      ['2026-10-03T15:30:00', '2026-10-04T15:15:00'],
    ],
    [
      '30 0 * * *',
      'America/Santiago',
      '2026-09-05T12:00:00Z',
      ['2026-09-06T04:00:00', '2026-09-07T03:30:00'],
    ],
    ['@at 2026-03-29T02:30', 'Europe/Berlin', '2026-01-01T00:00:00Z', ['2026-03-29T01:30:00']],
    ['@at 2026-10-25T02:30', 'Europe/Berlin', '2026-01-01T00:00:00Z', ['2026-10-25T00:30:00']],
  ])('%s in %s after %s', (expression, zone, from, expected) => {
    expect(times(schedule(expression, zone), from, expected.length)).toEqual(expected);
  });
});

test('a start and an end are both included', () => {
  const daily = within(
    schedule('0 12 * * *'),
    Date.parse('2026-03-02T12:00:00Z'),
    Date.parse('2026-03-04T12:00:00Z'),
  );
  expect(times(daily, '2026-01-01T00:00:00Z', 9)).toEqual([
    '2026-03-02T12:00:00',
    '2026-03-03T12:00:00',
    '2026-03-04T12:00:00',
  ]);
  expect(daily.last(Date.parse('2027-01-01T00:00:00Z'))).toBe(Date.parse('2026-03-04T12:00:00Z'));
  expect(daily.last(Date.parse('2026-03-02T11:00:00Z'))).toBeUndefined();
});
