import { randomUUID } from 'node:crypto';
import {
  ClaudeError,
  type ClaudeSettings,
  type Confinement,
  type Conversation,
  checkVersion,
  claudeEnvironment,
  confinedEnvironment,
  endTree,
  findClaude,
  type LiveSession,
  SpareProcesses,
  startSession,
  type WarmEnd,
  type WarmEntry,
  WarmPool,
} from '@mini-claude-bot/claude';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { Logger } from '../host/logger.ts';
import { withheldNames } from '../secrets/secrets-of-environment.ts';
import type { ChatTools, ToolUser } from './chat-tools.ts';
import { chooseSurplus } from './choose-surplus.ts';
import { effectivePermissionMode } from './permission-mode.ts';
import { type Closing, RecentClosings } from './recent-closings.ts';
import { workingDirectory } from './working-directory.ts';

/** The place that a chat's process is needed for. */
export interface SessionRequest {
  /** Names the process among the others. */
  readonly key: string;
  readonly directory: string;
  /** A process that was started for another directory, though of the same name, is replaced. */
  readonly directoryIdentity: string;
  /** Asked only when a process must be started. */
  readonly conversation: () => Promise<Conversation>;
  /** Claude works for strangers there: it gets tools for the files of the directory, and nothing else. */
  readonly confinement?: Confinement | undefined;
}

/** A process is wanted for that. */
export interface AcquireRequest extends SessionRequest {
  /** Whom the tools act for that Claude has from the gateway. */
  readonly toolUser: ToolUser;
}

/** What the runtime is made from. */
export interface RuntimeParts {
  readonly config: Config;
  readonly environment: Environment;
  /** The same for each run of one gateway, and for no other: its processes are known by it. */
  readonly gatewayId: string;
  readonly now: () => number;
  readonly logger: Logger;
  /** Bytes that a process holds. */
  readonly processMemory: (pid: number) => Promise<number>;
  /** Bytes that warm processes may hold together. */
  readonly maxWarmBytes: number;
  readonly tools: ChatTools;
  /** A process lives now, or does not any more. Must not throw. */
  readonly onChanged?: (key: string) => void;
}

/** The Claude processes of this gateway: started when they are needed, kept warm, and all ended with it. */
export class ClaudeRuntime {
  readonly #parts: RuntimeParts;
  readonly #environment: Record<string, string>;
  readonly #pool: WarmPool;
  readonly #closings: RecentClosings;
  #executable: Promise<string> | undefined;
  #settings: Promise<ClaudeSettings> | undefined;
  #spares: SpareProcesses | undefined;
  #closed = false;

  constructor(parts: RuntimeParts) {
    this.#parts = parts;
    this.#environment = claudeEnvironment(parts.environment, withheldNames(parts.environment));
    this.#closings = new RecentClosings(parts.now);
    this.#pool = new WarmPool(parts.config.GATEWAY_MAX_WARM_SESSIONS, parts.now, {
      onStarted: (key) => parts.onChanged?.(key),
      onClosed: (entry, why) => {
        this.#closings.note(entry, why);
        parts.onChanged?.(entry.key);
      },
    });
  }

  /** What a Claude process of this gateway gets, less its marker. */
  get environment(): Readonly<Record<string, string>> {
    return this.#environment;
  }

  /**
   * A live session that can take a turn. To be given back with {@link release}.
   * @throws ClaudeError when Claude can't be started
   */
  async acquire(request: AcquireRequest): Promise<LiveSession> {
    const settings = await this.settings();
    return this.#pool.acquire(request.key, request.directoryIdentity, async () => {
      const session = await this.#start(settings, request);
      this.#parts.tools.assign(session, request.toolUser);
      return session;
    });
  }

  async #start(usual: ClaudeSettings, request: SessionRequest): Promise<LiveSession> {
    const { directory, confinement } = request;
    const isFree = confinement === undefined;
    const settings = isFree ? usual : confined(usual);
    const conversation = await request.conversation();
    const fits = isFree && conversation.kind === 'new';
    const spare = fits ? await this.#spares?.take(directory) : undefined;
    if (spare !== undefined && (await isThere(spare, request))) return spare;
    await spare?.close();
    const place = { directory, conversation, confinement };
    const session = await startSession(settings, place, this.newMarker(), this.#parts.now);
    if (await isThere(session, request)) return session;
    await session.close();
    throw replaced(directory);
  }

  release(key: string): void {
    this.#pool.release(key);
  }

  /** Close warm sessions until those that are left hold no more memory than they may. */
  async trim(): Promise<void> {
    const measured = await Promise.all(
      this.#pool.entries().map(async (entry) => ({
        ...entry,
        bytes: await this.memoryOf(entry),
      })),
    );
    await Promise.all(
      chooseSurplus(measured, this.#parts.maxWarmBytes).map(({ key, lastUsedMs }) =>
        this.closeIdle(key, lastUsedMs, 'memory'),
      ),
    );
  }

  isWarm(key: string): boolean {
    return this.#pool.has(key);
  }

  warm(): WarmEntry[] {
    return this.#pool.entries();
  }

  close(key: string): Promise<void> {
    return this.#pool.close(key);
  }

  /** As {@link close}, unless it is in use, or was used after `lastUsedMs`. @returns whether it was closed */
  closeIdle(key: string, lastUsedMs: number, why?: WarmEnd): Promise<boolean> {
    return this.#pool.closeIdle(key, lastUsedMs, why);
  }

  /** What was closed lately, newest first. */
  closings(): Closing[] {
    return this.#closings.list();
  }

  /** Bytes that the process of a session holds. */
  memoryOf({ pid }: WarmEntry): Promise<number> {
    return pid === undefined ? Promise.resolve(0) : this.#parts.processMemory(pid);
  }

  /** Park spare processes, where the owner wants them. */
  async prepareSpares(): Promise<void> {
    const size = this.#parts.config.CLAUDE_SPARE_PROCESSES;
    if (size === 0) return;
    const settings = await this.settings();
    if (this.#closed) return;
    this.#spares = new SpareProcesses({
      settings,
      size,
      newMarker: () => this.newMarker(),
      now: this.#parts.now,
      onFault: (error) =>
        this.#parts.logger.warn({ err: error }, 'a spare Claude process could not be used'),
    });
    this.#spares.fill();
    await this.#spares.settled();
  }

  /** End the processes that an earlier run of this gateway left behind. @returns how many there were */
  endOrphans(): Promise<number> {
    return endTree((marker) => marker.startsWith(`${this.#parts.gatewayId}.`));
  }

  async closeAll(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#pool.closeAll(), this.#spares?.close()]);
  }

  /**
   * Path of the Claude program. Found once; a failure is found out anew each time, so that what the owner mends
   * works without a restart.
   * @throws ClaudeError
   */
  executable(): Promise<string> {
    this.#executable ??= this.#findExecutable().catch((error: unknown) => {
      this.#executable = undefined;
      throw error;
    });
    return this.#executable;
  }

  /** What every session is started with: found out with the first, as {@link executable} is. */
  settings(): Promise<ClaudeSettings> {
    this.#settings ??= this.#findSettings().catch((error: unknown) => {
      this.#settings = undefined;
      throw error;
    });
    return this.#settings;
  }

  async #findExecutable(): Promise<string> {
    const { CLAUDE_BIN } = this.#parts.config;
    const executable = await findClaude(CLAUDE_BIN);
    // The program that npm installed has the version that the SDK was made for.
    if (CLAUDE_BIN !== undefined) await checkVersion(executable, this.#environment);
    return executable;
  }

  async #findSettings(): Promise<ClaudeSettings> {
    const { config } = this.#parts;
    const executable = await this.executable();
    const { mode } = effectivePermissionMode(
      config.CLAUDE_PERMISSION_MODE,
      process.getuid?.(),
      this.#environment,
    );
    const mayRunCommands = mode === 'bypassPermissions';
    return {
      executable,
      environment: this.#environment,
      permissionMode: mode,
      settingSources: config.CLAUDE_SETTING_SOURCES,
      model: config.CLAUDE_MODEL,
      tools: await this.#parts.tools.load(mayRunCommands),
    };
  }

  /** For a process that must not outlive this gateway: see {@link endOrphans}. */
  newMarker(): string {
    return `${this.#parts.gatewayId}.${randomUUID()}`;
  }
}

const confined = (settings: ClaudeSettings): ClaudeSettings => ({
  ...settings,
  environment: confinedEnvironment(settings.environment),
  tools: undefined,
});

/**
 * Between the look at a directory and the start in it, something else may have taken its place. Nothing
 * has been said to the process yet.
 */
async function isThere(session: LiveSession, request: SessionRequest): Promise<boolean> {
  const there = session.pid === undefined ? undefined : await workingDirectory(session.pid);
  return there === undefined || there === request.directoryIdentity;
}

const replaced = (directory: string): ClaudeError =>
  new ClaudeError(
    'directory_unusable',
    `The working directory ${directory} was replaced while Claude was started in it.`,
  );
