import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lacks } from '../../../../../tests/support/needs.ts';
import type { ReportContent, ReportItem, ReportSection } from '../content.ts';
import { englishReport } from '../test-report-content.ts';
import { largeTexts, nastyTexts } from './test-nasty-text.ts';
import { Typesetter } from './typesetter.ts';

const missing = lacks('xelatex', 'fc-list', 'pdftotext');
const seed = Number(process.env.NASTY_SEED ?? 20_260_302);
const cases = [...nastyTexts(520, seed), ...largeTexts].map((text, number) => ({ text, number }));
type Case = (typeof cases)[number];
/** Cases in one document: a document takes seconds to begin. */
const perDocument = 90;

let home: string;
let typesetter: Typesetter;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-nasty-'));
  typesetter = new Typesetter({
    program: 'xelatex',
    environment: process.env,
    templates: undefined,
    limitMs: 120_000,
    logger: pino({ level: 'silent' }),
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Stands behind a case's text wherever it is put: where it is not to be found, the text has swallowed it. */
const marks = (number: number): string[] => ['a', 'b', 'c'].map((each) => `zq${each}${number}qz`);

const line = (text: string, most: number): string =>
  text.replace(/\s+/g, ' ').slice(0, most).trim() || '-';

/** The text in every place that a report has for text. */
function sectionOf({ text, number }: Case): ReportSection {
  const [inTitle = '', inText = '', inTable = ''] = marks(number);
  const url = `https://example.org/?q=${encodeURIComponent(line(text, 40).replace(/\p{Cs}/gu, '?'))}#\\{}%`;
  const item: ReportItem = {
    title: `${line(text, 100)} ${inTitle}`,
    text: `${text}\n\n${inText}\n\nand ${text.replace(/\n/g, ' ')}`,
    links: [{ title: line(text, 80), url, state: number % 3 === 0 ? 'dead' : 'checked' }],
  };
  return {
    id: `case-${number}`,
    title: line(text, 60),
    ...(number % 2 === 0
      ? {
          quotation: {
            text: line(text, 300),
            author: line(text, 60),
            source: line(text, 60),
            note: line(text, 90),
          },
        }
      : {}),
    table: {
      columns: [
        { title: line(text, 30), align: 'left' },
        { title: 'x', align: 'right' },
      ],
      rows: [[line(text, 200), inTable]],
      note: line(text, 100),
    },
    items: [item],
  };
}

const reportOf = (some: readonly Case[]): ReportContent => ({
  ...englishReport,
  language: (some[0]?.number ?? 0) % 4 === 0 ? 'zh' : 'en',
  title: line(some[0]?.text ?? '', 60),
  headline: line(some[1]?.text ?? '', 100),
  summary: some.slice(0, 6).map(({ text }) => line(text, 200)),
  note: some[2]?.text ?? 'a note',
  sections: some.map(sectionOf),
});

interface Fault {
  readonly why: string;
  readonly cases: readonly Case[];
}

async function faultIn(some: readonly Case[]): Promise<Fault | undefined> {
  try {
    const { pdf, missing } = await typesetter.typeset(reportOf(some));
    if (missing.length > 0)
      return { why: `missing: ${missing.slice(0, 3).join('; ')}`, cases: some };
    const file = join(home, `${some[0]?.number}.pdf`);
    writeFileSync(file, pdf);
    const text = execFileSync('pdftotext', ['-raw', file, '-'], { maxBuffer: 2 ** 28 }).toString();
    const lost = some.filter(({ number }) => marks(number).some((mark) => !text.includes(mark)));
    return lost.length === 0 ? undefined : { why: 'swallowed', cases: lost };
  } catch (error) {
    return { why: String(error), cases: some };
  }
}

/** Which case it is: a document that fails is halved until one is left. */
async function traced(some: readonly Case[]): Promise<Fault | undefined> {
  const fault = await faultIn(some);
  if (fault === undefined) return undefined;
  const [first, last] = [some[0]?.number, some.at(-1)?.number];
  console.warn(`cases ${first} to ${last}: ${fault.why.slice(0, 300)}`);
  // The log names the character, and the marks name what was swallowed.
  const known = fault.why.startsWith('missing') || fault.cases.length < some.length;
  if (some.length === 1 || known) return fault;
  const half = Math.ceil(some.length / 2);
  return (await traced(some.slice(0, half))) ?? (await traced(some.slice(half))) ?? fault;
}

const documents = Array.from({ length: Math.ceil(cases.length / perDocument) }, (_, n) =>
  cases.slice(n * perDocument, (n + 1) * perDocument),
);

test.skipIf(missing)(
  `${cases.length} nasty texts are set, and nothing of them is lost`,
  async () => {
    expect(cases.length).toBeGreaterThan(500);
    const faults: Fault[] = [];
    for (const some of documents) {
      const fault = await traced(some);
      if (fault !== undefined) faults.push(fault);
    }
    expect(faults).toEqual([]);
    expect(existsSync('/tmp/pwned')).toBe(false);
  },
  600_000,
);
