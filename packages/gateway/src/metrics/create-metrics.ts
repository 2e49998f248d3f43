import { dirname, join } from 'node:path';
import { claudeConfigDirectory } from '@mini-claude-bot/claude';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Config } from '../config/config.ts';
import type { GatewayActions } from '../cron/gateway-executor.ts';
import type { OwnJob } from '../cron/own-jobs.ts';
import type { Database } from '../db/database.ts';
import type { HarnessArchive } from '../harness/harness-archive.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { processMemory } from '../host/process-memory.ts';
import { version } from '../host/version.ts';
import type { HarnessSource } from './harness-figures.ts';
import { MetricsService } from './metrics-service.ts';
import { GatewayMetrics, type GaugeSources } from './prometheus/gateway-metrics.ts';
import { MetricsPush } from './push/metrics-push.ts';
import { diskFigures } from './system/disk-figures.ts';
import { MetricsThread } from './thread/metrics-thread.ts';
import { UsageIndex } from './usage/usage-index.ts';
import { UsageRepo } from './usage/usage-repo.ts';

/** What metrics are made from. */
export interface MetricsSources {
  readonly database: Database;
  readonly config: Config;
  readonly claude: ClaudeRuntime;
  readonly scheduler: GaugeSources['scheduler'];
  readonly deliveries: GaugeSources['deliveries'];
  readonly archive: HarnessArchive;
  readonly harness: HarnessSource;
  /** There are new figures. */
  readonly onCollected: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is sent by itself, where the owner has said whereto. */
const pushJob: OwnJob = {
  command: 'metrics push',
  name: 'Push metrics to the dashboard',
  cron_expression: '*/5 * * * *',
};

/** The metrics as they are asked for, sent, and counted for Prometheus. */
export interface MetricsApp {
  readonly metrics: MetricsService;
  readonly metricsPush: MetricsPush;
  readonly gatewayMetrics: GatewayMetrics;
  /** Of the file system that the database is on, by itself: without all the other figures. */
  readonly disk: () => ReturnType<typeof diskFigures>;
  /** What jobs may ask for. */
  readonly actions: GatewayActions;
  readonly ownJobs: readonly OwnJob[];
  /** Nothing is sent or read any more; what ends still counts. */
  readonly stop: () => Promise<void>;
}

/** The part of the composition root that is about metrics. */
export function createMetrics(sources: MetricsSources): MetricsApp {
  const { database, config, claude, archive, harness, clock, logger } = sources;
  const { scheduler, deliveries } = sources;
  const gatewayMetrics = new GatewayMetrics({
    scheduler,
    claude,
    processMemory,
    deliveries,
    version,
  });
  const thread = new MetricsThread(clock);
  const directory = database.memory ? '/' : dirname(database.name);
  const metrics = new MetricsService({
    database,
    thread,
    usage: new UsageIndex({
      repo: new UsageRepo(database),
      database: database.name,
      thread,
      directory: join(claudeConfigDirectory(claude.environment), 'projects'),
      logger,
    }),
    onCollected: sources.onCollected,
    system: { collect: () => thread.look(directory) },
    harness,
    archive,
    clock,
    logger,
    timeZone: config.MCB_TIMEZONE,
    pricesFile: config.METRICS_PRICES_PATH,
    cacheFile: config.METRICS_CACHE_PATH,
  });
  const metricsPush = new MetricsPush({
    collect: () => metrics.refresh(),
    url: config.DASHBOARD_PUSH_URL,
    secret: config.METRICS_SECRET,
    publicFields: config.PUBLIC_FIELDS,
    onEnded: ({ pushed }) => gatewayMetrics.pushEnded(pushed),
    clock,
    random: Math.random,
    logger,
  });
  return {
    metrics,
    metricsPush,
    gatewayMetrics,
    disk: () => diskFigures(directory),
    actions: {
      'metrics push': async () => {
        const { pushed, detail } = await metricsPush.pushNow();
        return { done: pushed, detail };
      },
    },
    ownJobs: metricsPush.configured ? [pushJob] : [],
    stop: async () => {
      await metricsPush.close();
      await metrics.close();
    },
  };
}
