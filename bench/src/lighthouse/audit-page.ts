import { launch } from 'chrome-launcher';
import lighthouse, { desktopConfig } from 'lighthouse';

export const categories = ['performance', 'accessibility', 'best-practices'] as const;

/** What Lighthouse says of a page on a device. */
export interface Scores {
  /** From 0 to 100. */
  readonly scores: Readonly<Record<(typeof categories)[number], number>>;
  /** First paint, largest paint, time blocked, how much moved, bytes sent: as Lighthouse writes them. */
  readonly figures: readonly string[];
  /** How fast the machine was meanwhile, as Lighthouse counts it: some 1,500 for a laptop that has nothing else to do. */
  readonly machine: number;
  /** What keeps accessibility and best practices from being perfect. */
  readonly faults: readonly string[];
}

const figures = [
  'first-contentful-paint',
  'largest-contentful-paint',
  'total-blocking-time',
  'cumulative-layout-shift',
  'total-byte-weight',
] as const;

/** With the network and the processor that Lighthouse takes for such a device. */
export async function auditPage(
  url: string,
  device: 'phone' | 'desktop',
  chromePath: string,
): Promise<Scores> {
  const chrome = await launch({
    chromePath,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const result = await lighthouse(
      url,
      { port: chrome.port, output: 'json', logLevel: 'error', onlyCategories: [...categories] },
      device === 'desktop' ? desktopConfig : undefined,
    );
    if (result === undefined) throw new Error('Lighthouse said nothing');
    const { lhr } = result;
    if (lhr.runtimeError !== undefined) throw new Error(lhr.runtimeError.message);
    const score = (name: string): number => Math.round((lhr.categories[name]?.score ?? 0) * 100);
    const faults = ['accessibility', 'best-practices']
      .flatMap((name) => lhr.categories[name]?.auditRefs ?? [])
      .filter(({ weight }) => weight > 0)
      .map(({ id }) => lhr.audits[id])
      .filter((audit) => audit?.score !== null && (audit?.score ?? 1) < 0.9)
      .map((audit) => audit?.title ?? '');
    return {
      scores: {
        performance: score('performance'),
        accessibility: score('accessibility'),
        'best-practices': score('best-practices'),
      },
      figures: figures.map((id) =>
        (lhr.audits[id]?.displayValue ?? '')
          .replaceAll('\u00a0', ' ')
          .replace('Total size was ', ''),
      ),
      machine: Math.round(lhr.environment.benchmarkIndex),
      faults,
    };
  } finally {
    chrome.kill();
  }
}
