import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../../config/read-environment.ts';
import { CommandError, runCommand } from '../../host/run-command.ts';
import { UserFault } from '../user-fault.ts';
import { launchdPlists, serviceLabel, watchdogLabel } from './launchd-plists.ts';
import { type ServiceFile, type ServicePlan, serviceName } from './service-plan.ts';
import { serviceUnit, systemdUnits, watchdogTimer } from './systemd-units.ts';

const timeoutMs = 60_000;

/** How the system sees the service. */
export interface SystemState {
  readonly running: boolean;
  readonly pid: number | null;
  readonly state: string;
  readonly restarts: number | null;
  /** Of it and all its processes. */
  readonly memory_bytes: number | null;
}

/** What starts services: systemd or launchd, both those of the user. */
export interface ServiceSystem {
  readonly kind: 'systemd' | 'launchd';
  readonly files: (plan: ServicePlan) => ServiceFile[];
  /** Paths of the files, whatever is in them. */
  readonly paths: () => string[];
  /** Take over files that were written, and start. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Start it again, if it runs. */
  readonly restart: () => Promise<void>;
  readonly state: () => Promise<SystemState>;
  /** A program that shows its log, and its words. */
  readonly logs: (lines: number, follow: boolean) => readonly [string, ...string[]];
  /** What is still to be done by hand, where that is so. */
  readonly advice: () => Promise<string[]>;
}

/** @throws UserFault where there is neither */
export function serviceSystem(environment: Environment, platform: string): ServiceSystem {
  const home = environment.HOME || homedir();
  if (platform === 'linux') return systemd(environment, home);
  if (platform === 'darwin') return launchd(environment, home);
  throw new UserFault(
    `There is no way to install a service on ${platform}; only for systemd and launchd.`,
  );
}

/** @throws UserFault that says why it could not be done */
async function run(environment: Environment, program: string, ...words: string[]): Promise<string> {
  const env = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  try {
    return await runCommand(program, words, { env, timeoutMs });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UserFault(
      error.missing ? `${program} is not there: is this machine run by it?` : error.message,
    );
  }
}

function systemd(environment: Environment, home: string): ServiceSystem {
  const config = environment.XDG_CONFIG_HOME?.trim() || join(home, '.config');
  const directory = join(config, 'systemd', 'user');
  const systemctl = (...words: string[]) => run(environment, 'systemctl', '--user', ...words);
  return {
    kind: 'systemd',
    files: (plan) => systemdUnits(plan, directory),
    paths: () =>
      [serviceUnit, 'mini-claude-bot-watchdog.service', watchdogTimer].map((name) =>
        join(directory, name),
      ),
    start: async () => {
      await systemctl('daemon-reload');
      await systemctl('enable', serviceUnit, watchdogTimer);
      await systemctl('restart', serviceUnit, watchdogTimer);
    },
    stop: async () => {
      await systemctl('disable', '--now', serviceUnit, watchdogTimer);
    },
    restart: async () => {
      await systemctl('try-restart', serviceUnit);
    },
    state: async () => {
      const properties = 'ActiveState,SubState,MainPID,NRestarts,MemoryCurrent';
      return systemdState(await systemctl('show', serviceUnit, `--property=${properties}`));
    },
    logs: (lines, follow) => [
      'journalctl',
      `--user-unit=${serviceName}`,
      '--output=cat',
      `--lines=${lines}`,
      ...(follow ? ['--follow'] : ['--no-pager']),
    ],
    advice: async () => {
      const user =
        environment.USER?.trim() || environment.LOGNAME?.trim() || String(process.getuid?.());
      const linger = await run(
        environment,
        'loginctl',
        'show-user',
        user,
        '--property=Linger',
      ).catch(() => '');
      if (/Linger=yes/.test(linger)) return [];
      return [
        `It ends when you log out, and starts when you log in. To have it run always: loginctl enable-linger ${user}`,
      ];
    },
  };
}

/** Reads `systemctl show`. */
export function systemdState(shown: string): SystemState {
  const values = new Map(
    shown.split('\n').map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
  const number = (name: string): number | null => {
    const text = values.get(name) ?? '';
    return /^\d{1,15}$/.test(text) ? Number(text) : null;
  };
  const active = values.get('ActiveState') ?? 'unknown';
  return {
    running: active === 'active',
    pid: number('MainPID') || null,
    state: `${active} (${values.get('SubState') ?? 'unknown'})`,
    restarts: number('NRestarts'),
    memory_bytes: number('MemoryCurrent'),
  };
}

function launchd(environment: Environment, home: string): ServiceSystem {
  const directory = join(home, 'Library', 'LaunchAgents');
  const logFile = join(home, 'Library', 'Logs', `${serviceName}.log`);
  const domain = `gui/${process.getuid?.() ?? 0}`;
  const launchctl = (...words: string[]) => run(environment, 'launchctl', ...words);
  const path = (label: string): string => join(directory, `${label}.plist`);
  const labels = [serviceLabel, watchdogLabel];
  return {
    kind: 'launchd',
    files: (plan) => launchdPlists(plan, directory, logFile),
    paths: () => labels.map(path),
    start: async () => {
      for (const label of labels) {
        // It may be there from before, or not.
        await launchctl('bootout', `${domain}/${label}`).catch(() => '');
        await launchctl('bootstrap', domain, path(label));
      }
    },
    stop: async () => {
      for (const label of labels) await launchctl('bootout', `${domain}/${label}`).catch(() => '');
    },
    restart: async () => {
      await launchctl('kickstart', '-k', `${domain}/${serviceLabel}`);
    },
    state: async () => launchdState(await launchctl('print', `${domain}/${serviceLabel}`)),
    logs: (lines, follow) => ['tail', '-n', String(lines), ...(follow ? ['-f'] : []), logFile],
    advice: async () => ['It runs while you are logged in.'],
  };
}

/** Reads `launchctl print`. */
export function launchdState(printed: string): SystemState {
  const value = (name: string): string | undefined =>
    new RegExp(`^\\s*${name} = (.+)$`, 'm').exec(printed)?.[1];
  const pid = Number(value('pid') ?? Number.NaN);
  return {
    running: value('state') === 'running',
    pid: Number.isInteger(pid) ? pid : null,
    state: value('state') ?? 'unknown',
    restarts: null,
    memory_bytes: null,
  };
}
