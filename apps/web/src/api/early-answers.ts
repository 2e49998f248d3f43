declare global {
  interface Window {
    /** What `public/early.js` has asked for: path → the answer. */
    earlyAnswers?: Map<string, Promise<Response>>;
  }
}

/** Whoever comes later wants to know how things are by then. */
const longestMs = 15_000;

/**
 * The answer to a call that was sent before the program was there; each is good for one caller. None where that call was
 * refused or failed: whoever asks may have signed in meanwhile, and hears of a fault by asking.
 */
export async function takeEarlyAnswer(
  address: string,
  method: string | undefined,
): Promise<Response | undefined> {
  const answers = window.earlyAnswers;
  const path = address.slice(window.location.origin.length);
  const early = method === 'GET' ? answers?.get(path) : undefined;
  if (early === undefined) return undefined;
  answers?.delete(path);
  const answer = await early.catch(() => undefined);
  return answer?.ok === true && performance.now() < longestMs ? answer : undefined;
}
