import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addressesOf, scheduleOf } from './definition.ts';
import { faultLine, readDefinition } from './read-definition.ts';
import { shippedReports } from './shipped.ts';

const good = `language: en
title: Paper
time: "07:30"
zone: Europe/Berlin
sections:
  - { id: news, title: News, instructions: What is new. }
`;

const faultsOf = async (text: string): Promise<string[]> => {
  const read = await readDefinition(text);
  return read.kind === 'faults' ? read.faults.map((fault) => faultLine('x.yaml', fault)) : [];
};

test.each(['daily-en', 'daily-zh'])(
  'the report %s that comes along has no faults',
  async (name) => {
    const text = readFileSync(join(shippedReports(), `${name}.yaml`), 'utf8');
    expect(await faultsOf(text)).toEqual([]);
  },
);

describe('what is wrong is told with its place', () => {
  test.each([
    [
      'a bad time',
      good.replace('"07:30"', 'late'),
      'x.yaml:3:7: time: must be a time such as "09:00"',
    ],
    ['a bad zone', good.replace('Europe/Berlin', 'Mars'), 'x.yaml:4:7: zone: must be a time zone'],
    [
      'an unknown setting',
      `${good}tiem: 1\n`,
      'x.yaml:7:7: tiem: there is no setting of that name',
    ],
    ['something missing', good.replace('title: Paper\n', ''), 'x.yaml:1:1: title: is missing'],
    [
      'a section without a title',
      good.replace('title: News, ', ''),
      'x.yaml:6:5: sections.0.title: is missing',
    ],
    ['broken YAML', `${good}  bad: [`, 'x.yaml:7:'],
    ['a bad recipient', `${good}to: [nobody]\n`, 'x.yaml:7:6: to.0: must be an e-mail address'],
    [
      'the same id twice',
      `${good}  - { id: news, title: N, instructions: x }\n`,
      'an id of its own',
    ],
    ['no object', 'just words', 'x.yaml:1:1: '],
    ['nothing', '', 'x.yaml'],
  ])('%s', async (_what, text, expected) => {
    expect((await faultsOf(text)).join('\n')).toContain(expected);
  });

  test('a file that would grow without end', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
    expect(await faultsOf(bomb)).not.toEqual([]);
  });
});

test('its times are a cron expression', async () => {
  const read = await readDefinition(`${good}days: [sun, mon]\n`);
  if (read.kind !== 'definition') throw new Error('it has faults');
  expect(scheduleOf(read.definition)).toBe('30 7 * * mon,sun');
  expect(
    scheduleOf({
      ...read.definition,
      time: '09:00',
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    }),
  ).toBe('0 9 * * *');
});

test('recipients come from the file and from variables, each once', () => {
  const variables = {
    REPORT_TO_PRIMARY: ['a@example.org', 'B@example.org'],
    REPORT_TO_SECONDARY: undefined,
    REPORT_CC: undefined,
  };
  expect(addressesOf(['b@example.org', '$REPORT_TO_PRIMARY', '$REPORT_CC'], variables)).toEqual([
    'B@example.org',
    'a@example.org',
  ]);
});
