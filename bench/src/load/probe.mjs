// Loaded into the gateway's process before its program (`node --import`): watches the event loop, and
// measures memory after a garbage collection. Writes a line to the file that its address names, each
// time that it gets SIGUSR2. The product knows nothing of it.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = new URL(import.meta.url).searchParams.get('file');
/** What is recorded is the time from one of its ticks to the next, of which this is the ordinary part. */
const everyMs = 10;

let watched = watch();

process.on('SIGUSR2', () => {
  watched.disable();
  const loop = histogramOf(watched);
  // The second one takes what the first only made free.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  appendFileSync(file, `${JSON.stringify({ loop, heldBytes: heapUsed + external })}\n`);
  // A new one: the old one would count the collection as a delay.
  watched = watch();
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
