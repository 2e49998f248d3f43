import { type Finding, ok, warning } from './finding.ts';

const answerMs = 5_000;
/** A network takes its time, and a date in a header has whole seconds. */
const mostSeconds = 60;

/**
 * Whether this machine's clock agrees with a server's: jobs, certificates and tokens go by it.
 * @param server an address that answers anything
 * @param now Unix milliseconds
 */
export async function checkClock(server: string, now: () => number): Promise<Finding> {
  const theirs = await dateOf(server);
  if (theirs === undefined)
    return ok('clock', 'The clock was not compared: no server outside could be asked.');
  const seconds = Math.round((now() - theirs) / 1000);
  if (Math.abs(seconds) <= mostSeconds) return ok('clock', 'The clock is right.');
  const side = seconds > 0 ? 'ahead of' : 'behind';
  return warning(
    'clock',
    `The clock is ${Math.abs(seconds)} s ${side} that of ${new URL(server).host}: jobs run at other times.`,
    'Have the system set its clock by itself (timedatectl set-ntp true).',
  );
}

async function dateOf(server: string): Promise<number | undefined> {
  try {
    const signal = AbortSignal.timeout(answerMs);
    const { origin } = new URL(server);
    const { headers } = await fetch(origin, { method: 'HEAD', redirect: 'manual', signal });
    const ms = Date.parse(headers.get('date') ?? '');
    return Number.isNaN(ms) ? undefined : ms;
  } catch {
    return undefined;
  }
}
