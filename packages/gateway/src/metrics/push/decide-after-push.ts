/** What the dashboard said. */
export type PushAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly words: string;
      readonly retryAfterMs: number | undefined;
    }
  | { readonly kind: 'unreachable'; readonly words: string };

/** What comes after an attempt. */
export type AfterPush =
  | { readonly kind: 'done'; readonly pushed: boolean; readonly detail: string }
  | { readonly kind: 'wait'; readonly ms: number };

const mostAttempts = 5;
const firstPauseMs = 1_000;
/** Longer than this nobody waits: the next push comes in some minutes anyway. */
const longestPauseMs = 60_000;

/** @param attempts so far, this one among them @param random from 0 to less than 1 */
export function decideAfterPush(answer: PushAnswer, attempts: number, random: number): AfterPush {
  if (answer.kind === 'unreachable') {
    return tryAgain(`The dashboard can't be reached (${answer.words}).`, attempts, random);
  }
  const { status, words, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return done(true, 'The dashboard has them.');
  const said = words === '' ? `status ${status}` : `status ${status}: ${words}`;
  if (status === 429 || status === 408 || status >= 500) {
    return tryAgain(`The dashboard did not take them (${said}).`, attempts, random, retryAfterMs);
  }
  return done(false, refusal(status, said));
}

function refusal(status: number, said: string): string {
  if (status === 401 || status === 403) {
    return `The dashboard refused them (${said}): METRICS_SECRET must be the same here and there.`;
  }
  if (status === 409) return `The dashboard has newer ones already (${said}).`;
  if (status >= 300 && status < 400) {
    return `The address leads elsewhere (${said}): set DASHBOARD_PUSH_URL to where the dashboard is.`;
  }
  return `The dashboard refused them (${said}). Is DASHBOARD_PUSH_URL its /api/push?`;
}

function tryAgain(words: string, attempts: number, random: number, askedMs = 0): AfterPush {
  if (attempts >= mostAttempts) return done(false, `${words} It was tried ${attempts} times.`);
  const pauseMs = firstPauseMs * 2 ** (attempts - 1) * (0.5 + random / 2);
  if (askedMs > longestPauseMs) {
    return done(false, `${words} It asks to wait ${Math.ceil(askedMs / 1000)} s.`);
  }
  return { kind: 'wait', ms: Math.round(Math.max(askedMs, pauseMs)) };
}

const done = (pushed: boolean, detail: string): AfterPush => ({ kind: 'done', pushed, detail });
