import { writeFileSync } from 'node:fs';
import pino from 'pino';
import { englishReport } from './packages/gateway/src/reports/test-report-content.ts';
import { largeTexts, nastyTexts } from './packages/gateway/src/reports/typeset/test-nasty-text.ts';
import { Typesetter } from './packages/gateway/src/reports/typeset/typesetter.ts';

const t = new Typesetter({
  program: 'xelatex',
  environment: process.env,
  templates: undefined,
  limitMs: 60000,
  logger: pino(),
});
const line = (text: string, most: number): string =>
  text.replace(/\s+/g, ' ').slice(0, most).trim() || '-';
const all = process.argv[2] === 'large' ? largeTexts : nastyTexts(520, 20_260_302);
const per = Number(process.argv[3] ?? 40);
const run = async (some: readonly string[], depth = 0): Promise<void> => {
  const t0 = performance.now();
  try {
    const { pdf, missing } = await t.typeset({
      ...englishReport,
      sections: some.map((text, n) => ({
        id: 'x' + n,
        title: line(text, 60),
        items: [{ title: line(text, 100), text, links: [] }],
      })),
    });
    console.log(
      'ok',
      some.length,
      Math.round(performance.now() - t0),
      pdf.length,
      missing.slice(0, 5),
    );
    writeFileSync('/tmp/nasty.pdf', pdf);
  } catch (e) {
    console.log(
      'FAULT',
      some.length,
      Math.round(performance.now() - t0),
      String(e).slice(0, 300),
      some.length === 1 ? JSON.stringify(some[0]).slice(0, 300) : '',
    );
    if (some.length > 1 && depth < 8) {
      const h = Math.ceil(some.length / 2);
      await run(some.slice(0, h), depth + 1);
      await run(some.slice(h), depth + 1);
    }
  }
};
for (let n = 0; n < all.length; n += per) await run(all.slice(n, n + per));
