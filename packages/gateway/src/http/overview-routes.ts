import { operations } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../host/clock.ts';
import { version } from '../host/version.ts';
import type { MetricsApp } from '../metrics/create-metrics.ts';
import type { ClaudeLogin } from '../overview/claude-login.ts';
import { findAttention } from '../overview/find-attention.ts';
import type { OverviewRepo } from '../overview/overview-repo.ts';
import { type SettingSources, settingsInForce } from '../overview/settings-in-force.ts';
import type { SearchService } from '../search/search-service.ts';
import { laneOfText } from '../turns/lane-of-text.ts';
import type { LaneScheduler } from '../turns/lane-scheduler.ts';
import type { OperationBinder } from './bind.ts';

const megabyte = 1024 * 1024;

/** What the routes of the overview call. */
export interface OverviewRouteParts {
  readonly claude: ClaudeRuntime;
  readonly claudeLogin: ClaudeLogin;
  readonly overview: OverviewRepo;
  readonly settingSources: SettingSources;
  readonly search: SearchService;
  readonly disk: MetricsApp['disk'];
  readonly scheduler: LaneScheduler;
  readonly freeMemory: () => Promise<number>;
  readonly config: Config;
  readonly clock: Clock;
}

export function bindOverviewRoutes(binder: OperationBinder, parts: OverviewRouteParts): void {
  const { claude, claudeLogin, overview, scheduler, config, clock } = parts;
  const startedAt = clock.now() / 1000;

  binder.bind(operations.getOverview, async () => ({
    attention: findAttention(await situation(parts)),
    claude: claudeLogin.state,
    slots_used: scheduler.slotsUsed,
    slots_max: config.GATEWAY_MAX_CLAUDE_PROCESSES,
    processes: claude.warm().length,
    started_at: startedAt,
    version,
  }));

  binder.bind(operations.listProcesses, async () => ({
    processes: await Promise.all(
      claude.warm().map(async (entry) => ({
        ...placeOf(entry.key),
        pid: entry.pid ?? null,
        busy: entry.busy,
        memory_bytes: await claude.memoryOf(entry).catch(() => 0),
        started_at: entry.startedMs / 1000,
        last_used_at: entry.lastUsedMs / 1000,
      })),
    ),
    closed: claude.closings().map(({ key, why, startedMs, atMs }) => ({
      ...placeOf(key),
      why,
      started_at: startedMs / 1000,
      closed_at: atMs / 1000,
    })),
    max_idle: config.GATEWAY_MAX_WARM_SESSIONS,
  }));

  binder.bind(operations.listSettings, () => settingsInForce(parts.settingSources));

  binder.bind(operations.listBots, () => overview.bots());
}

function placeOf(key: string): { bot_id: string; chat_id: string; lane: string } {
  const found = laneOfText(key);
  return {
    bot_id: found?.botId ?? '',
    chat_id: found?.chatId ?? '',
    lane: found?.lane ?? '',
  };
}

async function situation(parts: OverviewRouteParts) {
  const { overview, claudeLogin, search, freeMemory, config, clock } = parts;
  const [status, free, figures] = await Promise.all([
    search.status(undefined),
    freeMemory(),
    // Without it the disk is not known, and all the rest is.
    parts.disk().catch(() => undefined),
  ]);
  const { provider, state, detail, fix } = status.embeddings;
  return {
    ...overview.situation(clock.now()),
    claude: claudeLogin.state,
    embeddings: {
      wanted: provider !== 'none',
      works: !['unsupported', 'unreachable', 'model_missing', 'refused'].includes(state),
      detail,
      fix,
      behind: status.chat.unembedded + status.memory.unembedded,
    },
    memory: { free, floor: config.GATEWAY_MIN_FREE_MB * megabyte },
    disk: figures && { usedPercent: figures.disk_used_percent, freeGb: figures.disk_free_gb },
  };
}
