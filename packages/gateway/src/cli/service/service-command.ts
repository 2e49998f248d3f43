import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { makePlan } from './make-plan.ts';
import { runAttached } from './run-attached.ts';
import { type ServiceSystem, type SystemState, serviceSystem } from './service-system.ts';
import { type Verdict, watchGateway } from './watch-gateway.ts';

const print = (text: string): void => void process.stdout.write(text);
const json = (value: unknown): void => print(`${JSON.stringify(value, undefined, 2)}\n`);

/** What `service install` was asked. */
export interface InstallAsked {
  readonly dryRun: boolean;
  readonly start: boolean;
  readonly memoryMax: string;
  readonly json: boolean;
}

const systemHere = ({ processEnvironment }: ConfigSources): ServiceSystem =>
  serviceSystem(processEnvironment, process.platform);

/** Write the service's files, and start it. @returns exit code */
export async function installService(asked: InstallAsked, sources: ConfigSources): Promise<number> {
  const system = systemHere(sources);
  const { plan, warnings } = makePlan(sources, process.argv[1] ?? '', asked.memoryMax);
  const files = system.files(plan);
  if (asked.dryRun) {
    if (asked.json) json({ system: system.kind, files, warnings });
    else for (const { path, text } of files) print(`# ${path}\n${text}\n`);
    for (const warning of warnings) process.stderr.write(`${warning}\n`);
    return 0;
  }
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    // Made anew: a link that is there is not written through.
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
  }
  if (asked.start) await system.start();
  const advice = [...warnings, ...(await system.advice())];
  const paths = files.map(({ path }) => path);
  if (asked.json) json({ system: system.kind, files: paths, started: asked.start, advice });
  else {
    for (const path of paths) print(`${path}\n`);
    print(asked.start ? 'The service runs, and starts by itself from now on.\n' : 'Not started.\n');
    for (const line of advice) print(`${line}\n`);
  }
  return 0;
}

/** Stop the service, and remove its files; what the gateway keeps stays. @returns exit code */
export async function uninstallService(
  asked: { json: boolean },
  sources: ConfigSources,
): Promise<number> {
  const system = systemHere(sources);
  const paths = system.paths().filter((path) => existsSync(path));
  if (paths.length === 0) throw new UserFault('No service is installed.');
  let fault: unknown;
  await system.stop().catch((error: unknown) => {
    fault = error;
  });
  for (const path of paths) rmSync(path, { force: true });
  if (fault instanceof UserFault)
    process.stderr.write(`It could not be stopped: ${fault.message}\n`);
  else if (fault !== undefined) throw fault;
  if (asked.json) json({ removed: paths, stopped: fault === undefined });
  else
    print(
      'The service is gone; the database, the chats and the configuration are where they were.\n',
    );
  return fault === undefined ? 0 : 1;
}

const watch = (sources: ConfigSources): Promise<Verdict> =>
  watchGateway(readSettings(sources), { fetch, now: Date.now, pause: (ms) => sleep(ms) });

/** Say how the service is, and the gateway. @returns exit code: 0 when both are well */
export async function serviceStatus(
  asked: { json: boolean },
  sources: ConfigSources,
): Promise<number> {
  const system = systemHere(sources);
  const installed = system.paths().every((path) => existsSync(path));
  const state = installed ? await stateOf(system) : undefined;
  const gateway = await watch(sources);
  if (asked.json) json({ system: system.kind, installed, service: state ?? null, gateway });
  else {
    print(installed ? serviceLine(state) : 'No service is installed.\n');
    print(`${gateway.words}\n`);
  }
  return state?.running === true && gateway.state === 'well' ? 0 : 1;
}

const stateOf = (system: ServiceSystem): Promise<SystemState | undefined> =>
  system.state().catch((error: unknown) => {
    if (!(error instanceof UserFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    return undefined;
  });

function serviceLine(state: SystemState | undefined): string {
  if (state === undefined) return 'The service is installed; how it is can not be found out.\n';
  const { pid, memory_bytes, restarts } = state;
  const parts = [
    `The service is ${state.state}`,
    ...(pid === null ? [] : [`process ${pid}`]),
    ...(memory_bytes === null
      ? []
      : [`${Math.round(memory_bytes / 1_000_000)} MB with Claude's processes`]),
    ...(restarts === null || restarts === 0 ? [] : [`started again ${restarts} times`]),
  ];
  return `${parts.join(', ')}.\n`;
}

/** Show its log. @returns exit code */
export async function serviceLogs(
  asked: { lines: string; follow: boolean },
  sources: ConfigSources,
): Promise<number> {
  if (!/^\d{1,6}$/.test(asked.lines))
    throw new UserFault(`--lines ${JSON.stringify(asked.lines)} is no number.`, 2);
  const [program, ...words] = systemHere(sources).logs(Number(asked.lines), asked.follow);
  return runAttached(program, words);
}

/**
 * Look how the gateway is, and start its service again where it is stuck and that is wished.
 * @returns exit code: 0 when it is well, or was started again
 */
export async function watchService(
  asked: { restart: boolean; json: boolean },
  sources: ConfigSources,
): Promise<number> {
  const verdict = await watch(sources);
  const restart = asked.restart && verdict.state === 'stuck';
  if (restart) await systemHere(sources).restart();
  if (asked.json) json({ ...verdict, restarted: restart });
  else if (verdict.state !== 'well' || !asked.restart)
    print(`${verdict.words}${restart ? ' It is started again.' : ''}\n`);
  // The watchdog's own fault is only what it could not do.
  return asked.restart || verdict.state === 'well' ? 0 : 1;
}
