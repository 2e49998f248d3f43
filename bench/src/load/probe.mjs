// Loaded into the gateway's process before its program (`node --import`): watches the event loop, and
// measures memory after a garbage collection. Writes a line to the file that its address names, each
// time that it gets SIGUSR2. The product knows nothing of it.
import { appendFileSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = new URL(import.meta.url).searchParams.get('file');
/** What is recorded is the time from one of its ticks to the next, of which this is the ordinary part. */
const everyMs = 10;

let watched = watch();
let blocked = [];
let lastTick = tick();
setInterval(watchBlocked, everyMs).unref();

process.on('SIGUSR2', () => {
  watched.disable();
  const loop = histogramOf(watched);
  // The second one takes what the first only made free.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  const stretch = { loop, blocked: summaryOf(blocked), heldBytes: heapUsed + external };
  appendFileSync(file, `${JSON.stringify(stretch)}\n`);
  // A new one: the old one would count the collection as a delay.
  watched = watch();
  blocked = [];
  lastTick = tick();
});

function watch() {
  const histogram = monitorEventLoopDelay({ resolution: everyMs });
  histogram.enable();
  return histogram;
}

/** How late a tick comes, less what the thread stood in the system's queue for a core since the last. */
function watchBlocked() {
  const { at, waited } = tick();
  blocked.push(Math.max(0, at - lastTick.at - everyMs - (waited - lastTick.waited)));
  lastTick = tick();
}

function tick() {
  return { at: performance.now(), waited: waitedMs() };
}

/** See sched-stats in the documentation of Linux; 0 where the system does not tell. */
function waitedMs() {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1');
    return Number(stat.split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

function summaryOf(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  const [min, p50, p95, p99, p999, max] = [0, 0.5, 0.95, 0.99, 0.999, 1].map(at);
  return { n: sorted.length, min, p50, p95, p99, p999, max };
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
