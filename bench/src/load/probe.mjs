// Loaded into the gateway's process before its program (`node --import`): watches the event loop, and
// measures memory after a garbage collection. Writes a line to the file that its address names, each
// time that it gets SIGUSR2. The product knows nothing of it.
import { appendFileSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = new URL(import.meta.url).searchParams.get('file');
/** What is recorded is the time from one of its ticks to the next, of which this is the ordinary part. */
const everyMs = 10;

let watched = watch();

/** What the main thread has worked, in nanoseconds; undefined where the system does not say. */
function workedNs() {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]);
  } catch {
    return undefined;
  }
}

/** The most that it has worked from one tick to the next: what others took of the processor is no work of its. */
let mostWorkNs = 0;
let workedBefore = workedNs();
if (workedBefore !== undefined) {
  setInterval(() => {
    const worked = workedNs();
    mostWorkNs = Math.max(mostWorkNs, worked - workedBefore);
    workedBefore = worked;
  }, everyMs).unref();
}

process.on('SIGUSR2', () => {
  watched.disable();
  const loop = histogramOf(watched);
  const mostWorkMs = mostWorkNs / 1e6;
  // The second one takes what the first only made free.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  appendFileSync(file, `${JSON.stringify({ loop, mostWorkMs, heldBytes: heapUsed + external })}\n`);
  // A new one: the old one would count the collection as a delay.
  watched = watch();
  mostWorkNs = 0;
  workedBefore = workedNs();
});

function watch() {
  const histogram = monitorEventLoopDelay({ resolution: everyMs });
  histogram.enable();
  return histogram;
}

/** Delays in milliseconds, and how often each was seen. */
function histogramOf(histogram) {
  const delay = (ns) => Math.max(0, ns / 1e6 - everyMs);
  const quantiles = [0.5, 0.95, 0.99, 0.999].map((share) =>
    delay(histogram.percentile(share * 100)),
  );
  const [p50, p95, p99, p999] = quantiles;
  const { count, min, max } = histogram;
  return { n: count, min: delay(min), p50, p95, p99, p999, max: delay(max) };
}
