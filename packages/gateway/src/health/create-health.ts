import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import type { CronScheduler } from '../cron/cron-scheduler.ts';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { DeliveryWorker } from '../outbox/delivery-worker.ts';
import type { SearchService } from '../search/search-service.ts';
import type { WatchedProbe } from './health-finding.ts';
import { HealthWatch } from './health-watch.ts';
import { LoopLag } from './loop-lag.ts';
import { probeDatabase } from './probe-database.ts';
import { probeDisk } from './probe-disk.ts';
import { probeStandstill } from './probe-standstill.ts';

/** Each looks for work several times in that time. */
const standstillMs = 60_000;
/** A clock that was set, or a machine that slept, is no trouble: it is over by then. */
const patient = 3;

/** What is looked at. */
export interface HealthSources {
  readonly config: Config;
  readonly database: Database;
  readonly cron: Pick<CronScheduler, 'idleMs'>;
  /** Who sends deliveries. */
  readonly senders: readonly Pick<DeliveryWorker, 'overdueMs'>[];
  readonly search: Pick<SearchService, 'indexIdleMs'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What tells how the gateway is. */
export interface HealthApp {
  readonly health: HealthWatch;
  readonly start: () => void;
  readonly stop: () => void;
}

/** The part of the composition root that is about the gateway's own health. */
export function createHealth(sources: HealthSources): HealthApp {
  const { clock, logger } = sources;
  const lag = new LoopLag(clock);
  const probes: WatchedProbe[] = [
    { probe: probeDatabase(sources.database, clock.now), patience: 2 },
    ...diskProbes(sources),
    { probe: lag.probe, patience: 2 },
    ...standstillProbes(sources),
  ];
  const health = new HealthWatch(probes, clock, logger);
  return {
    health,
    start: () => {
      lag.start();
      health.start();
    },
    stop: () => {
      lag.close();
      health.close();
    },
  };
}

function diskProbes({ config, database }: HealthSources): WatchedProbe[] {
  const places = [
    ...(database.memory ? [] : [['the database is', dirname(database.name)] as const]),
    ["the chats' directories are", config.GATEWAY_SESSION_DIR] as const,
  ];
  return places
    .filter(([, path]) => existsSync(path))
    .map(([what, path]) => ({
      probe: probeDisk(what, path, config.HEALTH_MIN_DISK_MB),
      patience: 1,
    }));
}

function standstillProbes({ cron, senders, search }: HealthSources): WatchedProbe[] {
  const lookers = [
    { id: 'cron', what: 'Jobs were not looked at', idleMs: () => cron.idleMs() },
    {
      id: 'outbox',
      what: 'A delivery is due, and nobody sends it,',
      idleMs: () => Math.max(0, ...senders.map((sender) => sender.overdueMs() ?? 0)),
    },
    { id: 'search_index', what: 'Messages were not indexed', idleMs: () => search.indexIdleMs() },
  ];
  return lookers.map((looker) => ({
    probe: probeStandstill({ ...looker, mostMs: standstillMs }),
    patience: patient,
  }));
}
