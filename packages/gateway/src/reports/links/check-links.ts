import type { Clock } from '../../host/clock.ts';
import type { AddressRule } from './address-rule.ts';
import { askPage, type PageAnswer } from './ask-page.ts';

/** What becomes of a link: shown as what it is, or left out because it may lead anywhere. */
export type LinkVerdict = 'checked' | 'dead' | 'unchecked' | 'dropped';

/** `late`: it had not answered when its time was over; it may only be slow. */
type Asked = PageAnswer | { readonly kind: 'late' };

/** How links are checked. */
export interface LinkCheck {
  readonly rule: AddressRule;
  readonly clock: Clock;
  /** For one link, redirects included. */
  readonly limitMs: number;
  /** Links that are asked for at the same time. */
  readonly atOnce: number;
}

/**
 * Ask for each address once. Where nothing at all answered in time, it is our own way to the internet that is closed,
 * and no link is called dead for that.
 */
export async function checkLinks(
  addresses: readonly string[],
  check: LinkCheck,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LinkVerdict>> {
  const waiting = [...new Set(addresses)];
  const answers = new Map<string, Asked>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      answers.set(next, await askInTime(next, check, signal));
      signal.throwIfAborted();
    }
  };
  await Promise.all(Array.from({ length: check.atOnce }, work));
  const online = [...answers.values()].some(
    ({ kind }) => kind === 'answers' || kind === 'gone' || kind === 'unsure',
  );
  return new Map([...answers].map(([address, answer]) => [address, verdictOn(answer, online)]));
}

async function askInTime(
  address: string,
  { rule, clock, limitMs }: LinkCheck,
  signal: AbortSignal,
): Promise<Asked> {
  const late = new AbortController();
  const cancel = clock.after(limitMs, () => late.abort(new Error('it took too long')));
  try {
    const answer = await askPage(address, rule, AbortSignal.any([signal, late.signal]));
    return late.signal.aborted ? { kind: 'late' } : answer;
  } finally {
    cancel();
  }
}

function verdictOn({ kind }: Asked, online: boolean): LinkVerdict {
  switch (kind) {
    case 'answers':
      return 'checked';
    case 'gone':
      return 'dead';
    case 'silent':
      return online ? 'dead' : 'unchecked';
    case 'unsure':
    case 'late':
      return 'unchecked';
    case 'refused':
      return 'dropped';
  }
}
