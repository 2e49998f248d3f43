import { parseArgs } from 'node:util';
import { auditPage, categories, type Scores } from './audit-page.ts';
import { startSampleDashboard } from './sample-dashboard.ts';

const usage = `npm run lighthouse                             the dashboard, with the figures of a year
npm run lighthouse -- http://127.0.0.1:8000/   a page that is served already
    --chromium PATH   (or CHROMIUM)            which browser; unset: the one that is found
    --least 95                                 fail below that`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    chromium: { type: 'string', default: process.env.CHROMIUM ?? '/usr/bin/chromium' },
    least: { type: 'string', default: '95' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help === true) console.log(usage);
else process.exitCode = await run();

async function run(): Promise<number> {
  const [page = 'dashboard', ...more] = positionals;
  const least = Number(values.least);
  if (more.length > 0 || !Number.isFinite(least)) {
    console.error(usage);
    return 2;
  }
  const served = page === 'dashboard' ? await startSampleDashboard() : undefined;
  try {
    const url = served?.url ?? page;
    const rows: [string, Scores][] = [];
    for (const device of ['phone', 'desktop'] as const) {
      rows.push([device, await auditPage(url, device, values.chromium)]);
    }
    return report(rows, least);
  } finally {
    await served?.stop();
  }
}

/** As a table of Markdown. @returns the exit code */
function report(rows: readonly (readonly [string, Scores])[], least: number): number {
  const figures = ['first paint', 'largest paint', 'blocked', 'shifted', 'sent'] as const;
  console.log(`| device | ${[...categories, ...figures, 'machine'].join(' | ')} |`);
  console.log(`| --- |${' --: |'.repeat(categories.length + figures.length + 1)}`);
  for (const [device, { scores, figures: found, machine }] of rows) {
    const cells = [...categories.map((name) => scores[name]), ...found, machine];
    console.log(`| ${device} | ${cells.join(' | ')} |`);
  }
  const bad = rows.flatMap(([device, { scores }]) =>
    categories.filter((name) => scores[name] < least).map((name) => `${device}: ${name}`),
  );
  for (const [device, { faults }] of rows) {
    for (const fault of faults) console.log(`${device}: ${fault}`);
  }
  if (bad.length > 0) console.error(`below ${least}: ${bad.join(', ')}`);
  return bad.length === 0 ? 0 : 1;
}
