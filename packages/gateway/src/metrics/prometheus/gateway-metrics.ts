import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CronJobType } from '@mini-claude-bot/contract';
import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { DeliveryRow } from '../../outbox/delivery.ts';
import type { EndedTurn } from '../../turns/ended-turn.ts';

/** What is looked at when Prometheus asks. */
export interface GaugeSources {
  readonly scheduler: {
    readonly slots: number;
    readonly slotsUsed: number;
    readonly waiting: number;
  };
  readonly claude: {
    readonly warm: () => readonly { readonly pid: number | undefined; readonly busy: boolean }[];
  };
  /** Bytes that a process holds. */
  readonly processMemory: (pid: number) => Promise<number>;
  /** Deliveries that have not arrived, by state. */
  readonly deliveries: {
    readonly undelivered: () => readonly { readonly state: string; readonly n: number }[];
  };
  readonly version: string;
}

/** In seconds. */
const firstTextBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];
const turnBuckets = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800];
const waitBuckets = [0.005, 0.05, 0.25, 1, 5, 15, 30, 60, 120, 300];
const runBuckets = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600];
const searchBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

const nanosecond = 1e-9;
const eventLoopResolutionMs = 10;

/**
 * What Prometheus is told. Labels have few values, and none that says which chat, which bot, or what was said:
 * whatever is counted here may be seen by whoever sees the dashboards.
 */
export class GatewayMetrics {
  readonly #registry = new Registry();
  readonly #delay = monitorEventLoopDelay({ resolution: eventLoopResolutionMs });
  readonly #turns;
  readonly #turnErrors;
  readonly #waited;
  readonly #firstText;
  readonly #ran;
  readonly #tokens;
  readonly #deliveries;
  readonly #cronRuns;
  readonly #cronSeconds;
  readonly #searches;
  readonly #pushes;

  constructor(sources: GaugeSources) {
    this.#turns = this.#counter('mcb_turns_total', 'Turns that have ended.', ['state', 'origin']);
    this.#turnErrors = this.#counter('mcb_turn_errors_total', 'Turns that failed.', ['code']);
    this.#waited = this.#histogram('mcb_turn_wait_seconds', 'How long turns waited.', waitBuckets, [
      'origin',
    ]);
    this.#firstText = this.#histogram(
      'mcb_turn_first_text_seconds',
      'From the begin of a turn to its first text.',
      firstTextBuckets,
      ['origin'],
    );
    this.#ran = this.#histogram('mcb_turn_seconds', 'How long turns ran.', turnBuckets, ['origin']);
    this.#tokens = this.#counter('mcb_turn_tokens_total', 'Tokens of turns.', ['kind']);
    this.#deliveries = this.#counter(
      'mcb_deliveries_total',
      'Deliveries that have arrived, or were given up.',
      ['outcome', 'source'],
    );
    this.#cronRuns = this.#counter('mcb_cron_runs_total', 'Runs of jobs that have ended.', [
      'outcome',
    ]);
    this.#cronSeconds = this.#histogram(
      'mcb_cron_run_seconds',
      'How long runs of jobs took.',
      runBuckets,
      ['job_type'],
    );
    this.#searches = this.#histogram(
      'mcb_search_seconds',
      'How long searches took.',
      searchBuckets,
      ['mode'],
    );
    this.#pushes = this.#counter('mcb_metrics_pushes_total', 'Metrics sent to the dashboard.', [
      'outcome',
    ]);
    this.#addGauges(sources);
    this.#delay.enable();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All of it in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  turnEnded(turn: EndedTurn): void {
    const { origin, state, errorCode, usage } = turn;
    this.#turns.inc({ state, origin });
    if (errorCode !== undefined) this.#turnErrors.inc({ code: errorCode });
    this.#waited.observe({ origin }, turn.waitedMs / 1000);
    if (turn.firstTextMs !== undefined)
      this.#firstText.observe({ origin }, turn.firstTextMs / 1000);
    if (turn.ranMs !== undefined) this.#ran.observe({ origin }, turn.ranMs / 1000);
    if (usage === undefined) return;
    this.#tokens.inc({ kind: 'input' }, usage.inputTokens);
    this.#tokens.inc({ kind: 'output' }, usage.outputTokens);
    this.#tokens.inc({ kind: 'cache_read' }, usage.cacheReadTokens);
    this.#tokens.inc({ kind: 'cache_creation' }, usage.cacheCreationTokens);
  }

  deliveryEnded(
    { source_kind }: Pick<DeliveryRow, 'source_kind'>,
    outcome: 'delivered' | 'dead',
  ): void {
    this.#deliveries.inc({ outcome, source: source_kind });
  }

  /** @param outcome such as `succeeded`, `failed`, `missed` @param ranMs none for a run that did not begin */
  cronRunEnded(outcome: string, jobType: CronJobType, ranMs?: number): void {
    this.#cronRuns.inc({ outcome });
    if (ranMs !== undefined) this.#cronSeconds.observe({ job_type: jobType }, ranMs / 1000);
  }

  /** @param mode such as `text` or `hybrid` */
  searched(mode: string, tookMs: number): void {
    this.#searches.observe({ mode }, tookMs / 1000);
  }

  pushEnded(pushed: boolean): void {
    this.#pushes.inc({ outcome: pushed ? 'pushed' : 'failed' });
  }

  close(): void {
    this.#delay.disable();
    this.#registry.clear();
  }

  #counter<L extends string>(name: string, help: string, labelNames: L[]): Counter<L> {
    return new Counter({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: L[],
  ): Histogram<L> {
    return new Histogram({ name, help, buckets, labelNames, registers: [this.#registry] });
  }

  /** @param look sets its values; called when they are asked for */
  #gauge<L extends string = never>(
    name: string,
    help: string,
    look: (gauge: Gauge<L>) => void | Promise<void>,
    labelNames: L[] = [],
  ): void {
    new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        return look(this);
      },
    });
  }

  #addGauges({ scheduler, claude, processMemory, deliveries, version }: GaugeSources): void {
    this.#gauge('mcb_turns_waiting', 'Turns that wait.', (gauge) => gauge.set(scheduler.waiting));
    this.#gauge('mcb_slots', 'Turns that may run at once.', (gauge) => gauge.set(scheduler.slots));
    this.#gauge('mcb_slots_used', 'Turns that run.', (gauge) => gauge.set(scheduler.slotsUsed));
    this.#gauge(
      'mcb_claude_processes',
      'Claude processes that are kept warm.',
      (gauge) => {
        const warm = claude.warm();
        const busy = warm.filter((entry) => entry.busy).length;
        gauge.set({ state: 'busy' }, busy);
        gauge.set({ state: 'idle' }, warm.length - busy);
      },
      ['state'],
    );
    this.#gauge('mcb_claude_processes_memory_bytes', 'Memory that they hold.', async (gauge) => {
      const sizes = await Promise.all(
        claude.warm().map(({ pid }) => (pid === undefined ? 0 : processMemory(pid))),
      );
      gauge.set(sizes.reduce((sum, size) => sum + size, 0));
    });
    this.#gauge(
      'mcb_deliveries',
      'Deliveries that have not arrived.',
      (gauge) => {
        for (const state of ['queued', 'sending', 'dead']) gauge.set({ state }, 0);
        for (const { state, n } of deliveries.undelivered()) gauge.set({ state }, n);
      },
      ['state'],
    );
    this.#gauge(
      'mcb_event_loop_delay_seconds',
      'How late timers were since it was asked for last.',
      (gauge) => {
        this.#tellDelay(gauge);
      },
      ['quantile'],
    );
    this.#gauge('process_resident_memory_bytes', 'Memory that the gateway holds.', (gauge) =>
      gauge.set(process.memoryUsage.rss()),
    );
    this.#gauge('nodejs_heap_size_used_bytes', 'Memory of its objects.', (gauge) =>
      gauge.set(process.memoryUsage().heapUsed),
    );
    this.#gauge('process_cpu_seconds_total', 'Time of processors that it has used.', (gauge) => {
      const { user, system } = process.cpuUsage();
      gauge.set((user + system) / 1e6);
    });
    this.#gauge('process_uptime_seconds', 'How long it has run.', (gauge) =>
      gauge.set(process.uptime()),
    );
    this.#gauge(
      'mcb_build_info',
      'Versions; always 1.',
      (gauge) => gauge.set({ version, node: process.versions.node }, 1),
      ['version', 'node'],
    );
  }

  #tellDelay(gauge: Gauge<'quantile'>): void {
    const { max } = this.#delay;
    // What is told is how late a timer was, not how long it was set for.
    const late = (nanoseconds: number): number =>
      Math.max(0, nanoseconds * nanosecond - eventLoopResolutionMs / 1000);
    gauge.set({ quantile: '0.5' }, late(this.#delay.percentile(50)));
    gauge.set({ quantile: '0.99' }, late(this.#delay.percentile(99)));
    gauge.set({ quantile: '1' }, this.#delay.count === 0 ? 0 : late(max));
    this.#delay.reset();
  }
}
