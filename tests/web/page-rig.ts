import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';

/** Debian's. */
export const chromiumPath = '/usr/bin/chromium';

export const sizes = {
  phone: { width: 390, height: 844 },
  desk: { width: 1280, height: 800 },
} as const;

/** How a page is looked at. */
export interface Look {
  readonly size?: keyof typeof sizes;
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
}

/** A page, and what it complained about. */
export interface OpenPage {
  readonly page: Page;
  /** Errors in its console, and those that nobody caught. */
  readonly complaints: readonly string[];
}

const locales = { en: 'en-GB', zh: 'zh-CN' } as const;

/** One browser for many pages: starting it takes longer than most checks. */
export class PageRig {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<PageRig> {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    return new PageRig(await chromium.launch({ executablePath: chromiumPath, args }));
  }

  /** Open an address as a new visitor. */
  async open(
    url: string,
    { size = 'desk', language = 'en', theme = 'light' }: Look = {},
  ): Promise<OpenPage> {
    const context = await this.#browser.newContext({
      viewport: sizes[size],
      locale: locales[language],
      colorScheme: theme,
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      ...(size === 'phone' ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {}),
    });
    this.#contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    // What the policy forbids is not always an error: a library may try, and do without.
    await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
      console.error('against the policy:', event.violatedDirective, event.blockedURI))`);
    await page.goto(url, { waitUntil: 'commit' });
    return { page, complaints };
  }

  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const Faults = z.array(
  z.object({ id: z.string(), impact: z.string().nullish(), nodes: z.array(z.string()) }),
);

/** Faults of a page that keep people from using it, by axe's rules: the serious and the critical ones. */
export async function accessFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: unknown = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, impact, nodes }) =>
      ({ id, impact, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary) })))`);
  return Faults.parse(found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.join(' | ')}`);
}
