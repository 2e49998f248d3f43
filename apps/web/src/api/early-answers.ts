declare global {
  interface Window {
    /** What `public/early.js` has asked for: path → the answer. */
    earlyAnswers?: Map<string, Promise<Response>>;
  }
}

/** Whoever comes later wants to know how things are by then. */
const longestMs = 15_000;

/** The answer to a call that was sent before the program was there; each is good for one caller. */
export function takeEarlyAnswer(
  address: string,
  method: string | undefined,
): Promise<Response> | undefined {
  const answers = window.earlyAnswers;
  const path = address.slice(window.location.origin.length);
  const answer = method === 'GET' ? answers?.get(path) : undefined;
  answers?.delete(path);
  return performance.now() < longestMs ? answer : undefined;
}
