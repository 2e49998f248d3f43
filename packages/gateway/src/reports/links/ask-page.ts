import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { AddressRefused, type AddressRule } from './address-rule.ts';

/** What is known of a page after it was asked for. */
export type PageAnswer =
  | { readonly kind: 'answers' }
  /** It said itself that it is not there. */
  | { readonly kind: 'gone'; readonly status: number }
  /** It answered, but not to us: some sites let no programs in. */
  | { readonly kind: 'unsure'; readonly status: number }
  /** Nothing answered. */
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

const mostRedirects = 5;

/**
 * Ask whether a page is there: with HEAD, and where that is not answered well, with GET, of which only the head of
 * the answer is read. Redirects are followed under the same rule. Never rejects, but when the signal is aborted
 * it answers at once.
 * @param signal ends it
 */
export async function askPage(
  address: string,
  rule: AddressRule,
  signal: AbortSignal,
): Promise<PageAnswer> {
  try {
    const answer = await follow('HEAD', address, rule, signal);
    // Many servers answer HEAD with anything but the truth.
    return answer.kind === 'answers' ? answer : await follow('GET', address, rule, signal);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return error instanceof AddressRefused ? { kind: 'refused', why } : { kind: 'silent', why };
  }
}

async function follow(
  method: 'HEAD' | 'GET',
  address: string,
  rule: AddressRule,
  signal: AbortSignal,
): Promise<PageAnswer> {
  for (let redirects = 0, url = rule.parse(address); ; redirects += 1) {
    const { status, location } = await headOf(method, url, rule, signal);
    if (status < 300 || status >= 400 || location === undefined) return readStatus(status);
    if (redirects === mostRedirects) return { kind: 'unsure', status };
    url = rule.parse(new URL(location, url).href);
  }
}

const readStatus = (status: number): PageAnswer => {
  if (status < 400) return { kind: 'answers' };
  return status === 404 || status === 410 ? { kind: 'gone', status } : { kind: 'unsure', status };
};

interface Head {
  readonly status: number;
  readonly location: string | undefined;
}

function headOf(
  method: 'HEAD' | 'GET',
  url: URL,
  { lookup }: AddressRule,
  signal: AbortSignal,
): Promise<Head> {
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      method,
      lookup,
      signal,
      // A connection of its own, which ends with it.
      agent: false,
      headers: { 'user-agent': 'mini-claude-bot (link check)', accept: '*/*' },
    });
    asked.once('error', reject);
    asked.once('response', (answer: IncomingMessage) => {
      resolve({ status: answer.statusCode ?? 0, location: answer.headers.location });
      answer.on('error', () => {});
      asked.destroy();
    });
    asked.end();
  });
}
