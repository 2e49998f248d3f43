import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { launchdPlists } from './launchd-plists.ts';
import { makePlan } from './make-plan.ts';
import { parseMemoryLimit, type ServicePlan } from './service-plan.ts';
import { launchdState, type ServiceSystem, serviceSystem, systemdState } from './service-system.ts';
import { systemdUnits } from './systemd-units.ts';

let home: string;
beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'mcb-service-')));
});
afterEach(() => rmSync(home, { recursive: true }));

/** Names that people have, and signs that mean something to systemd, XML or a shell. */
const awkward = `my "bots" & 'co' 100% $HOME <ü> 机器人 \\x`;

function planAt(name: string): ServicePlan {
  const directory = join(home, name);
  mkdirSync(directory, { recursive: true });
  const node = join(directory, 'node');
  writeFileSync(node, '#!/bin/sh\n');
  chmodSync(node, 0o755);
  return {
    node,
    program: join(directory, 'cli.js'),
    directory,
    environment: { PATH: `${directory}:/usr/bin`, GATEWAY_LANGUAGE: 'a b' },
    memoryMax: { kind: 'percent', value: 80 },
    stopSeconds: 30,
  };
}

const has = (program: string, ...words: string[]): boolean => {
  try {
    execFileSync(program, words, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const verifies = has('systemd-analyze', '--version');
const hasPython = has('python3', '--version');

describe('systemd', () => {
  test.skipIf(!verifies).each(['plain', 'with spaces', awkward])(
    'takes the units of %s (needs systemd-analyze)',
    (name) => {
      const units = systemdUnits(planAt(name), join(home, 'units'));
      mkdirSync(join(home, 'units'));
      for (const { path, text } of units) writeFileSync(path, text);
      const paths = units.map(({ path }) => path);
      const words = ['verify', '--user', '--man=no', ...paths];
      const env = { ...process.env, XDG_RUNTIME_DIR: home, HOME: home };
      // What it only warns of, such as a line that it does not know, is a fault too.
      const said = execFileSync('sh', ['-c', 'exec systemd-analyze "$@" 2>&1', 'sh', ...words], {
        env,
      });
      expect(String(said)).toBe('');
    },
  );

  test.skipIf(!verifies)(
    'refuses a unit whose program is not there (needs systemd-analyze)',
    () => {
      const [unit] = systemdUnits({ ...planAt('x'), node: join(home, 'nowhere') }, home);
      if (unit === undefined) throw new Error('there is no unit');
      writeFileSync(unit.path, unit.text);
      expect(has('systemd-analyze', 'verify', '--user', '--man=no', unit.path)).toBe(false);
    },
  );

  test('what means something to it is taken as it is', () => {
    const [unit] = systemdUnits(planAt(awkward), home);
    const line = unit?.text.split('\n').find((each) => each.startsWith('ExecStart='));
    expect(line).toContain(
      `/usr/bin/env "${home}/my \\"bots\\" & 'co' 100%% $$HOME <ü> 机器人 \\\\x/node" "`,
    );
    expect(unit?.text).toContain('MemoryHigh=72%\nMemoryMax=80%\n');
    expect(unit?.text).toContain('OOMPolicy=continue');
  });

  test('tells how it is', () => {
    const shown =
      'ActiveState=active\nSubState=running\nMainPID=12\nNRestarts=3\nMemoryCurrent=5000\n';
    expect(systemdState(shown)).toEqual({
      running: true,
      pid: 12,
      state: 'active (running)',
      restarts: 3,
      memory_bytes: 5000,
    });
    expect(systemdState('ActiveState=failed\nMainPID=0\nMemoryCurrent=[not set]\n')).toMatchObject({
      running: false,
      pid: null,
      memory_bytes: null,
    });
  });
});

describe('launchd', () => {
  test.skipIf(!hasPython)('gets plists that a strict parser reads (needs python3)', () => {
    const plan = planAt(awkward);
    const [service, watchdog] = launchdPlists(plan, home, join(home, 'log')).map(
      ({ path, text }) => {
        writeFileSync(path, text);
        const program =
          'import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], "rb"))))';
        return JSON.parse(String(execFileSync('python3', ['-c', program, path]))) as unknown;
      },
    );
    expect(service).toEqual({
      Label: 'local.mini-claude-bot',
      ProgramArguments: [plan.node, plan.program, 'start'],
      RunAtLoad: true,
      KeepAlive: true,
      ThrottleInterval: 30,
      ExitTimeOut: 30,
      WorkingDirectory: plan.directory,
      EnvironmentVariables: plan.environment,
      StandardOutPath: join(home, 'log'),
      StandardErrorPath: join(home, 'log'),
      Umask: 0o077,
    });
    expect(watchdog).toMatchObject({
      ProgramArguments: [plan.node, plan.program, 'service', 'watch', '--restart'],
      StartInterval: 60,
    });
  });

  test('tells how it is', () => {
    expect(launchdState('x = {\n\tstate = running\n\tpid = 77\n}\n')).toMatchObject({
      running: true,
      pid: 77,
    });
    expect(launchdState('')).toMatchObject({ running: false, pid: null });
  });
});

test.each([
  ['80%', { kind: 'percent', value: 80 }],
  ['900M', { kind: 'megabytes', value: 900 }],
  ['4g', { kind: 'megabytes', value: 4096 }],
  ['0%', undefined],
  ['120%', undefined],
  ['4', undefined],
  ['-1G', undefined],
  ['', undefined],
])('the limit %j', (text, expected) => {
  expect(parseMemoryLimit(text)).toEqual(expected);
});

describe('the plan', () => {
  const program = () => {
    const path = join(home, 'cli.js');
    writeFileSync(path, '');
    return path;
  };
  const plan = (env: Record<string, string>) =>
    makePlan({ processEnvironment: env, envFile: join(home, '.env') }, program(), '50%');

  test('has what is set in this shell alone, and no secret', () => {
    writeFileSync(join(home, '.env'), 'PORT=9000\n');
    const env = {
      PATH: '/bin',
      PORT: '9001',
      HOST: '127.0.0.1',
      ANTHROPIC_API_KEY: 'sk-canary',
      TELEGRAM_BOT_TOKEN: '1:canary',
      OTHER: 'x',
    };
    const made = plan(env);
    expect(made.plan.environment).toEqual({ PATH: '/bin', HOST: '127.0.0.1' });
    expect(made.warnings.join(' ')).toMatch(/TELEGRAM_BOT_TOKEN.*ANTHROPIC_API_KEY/s);
    expect(JSON.stringify(made)).not.toContain('canary');
  });

  test('is refused where the configuration is wrong', () => {
    expect(() => plan({ PORT: 'x' })).toThrow('PORT');
  });
});

describe('the system', () => {
  /** A systemctl that notes what it was told. */
  function system(exit = 0): { system: ServiceSystem; told: () => string[] } {
    const bin = join(home, 'bin');
    mkdirSync(bin, { recursive: true });
    for (const name of ['systemctl', 'loginctl'])
      writeFileSync(
        join(bin, name),
        `#!/bin/sh\necho "${name} $*" >> "${home}/told"\necho "it says no" >&2\nexit ${exit}\n`,
        { mode: 0o755 },
      );
    const told = () =>
      existsSync(join(home, 'told'))
        ? readFileSync(join(home, 'told'), 'utf8').trim().split('\n')
        : [];
    return {
      system: serviceSystem({ HOME: home, PATH: `${bin}:/bin:/usr/bin`, USER: 'me' }, 'linux'),
      told,
    };
  }

  test('is told what to do, in the user’s own part of it', async () => {
    const { system: systemd, told } = system();
    await systemd.start();
    await systemd.restart();
    await systemd.stop();
    expect(told()).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable mini-claude-bot.service mini-claude-bot-watchdog.timer',
      'systemctl --user restart mini-claude-bot.service mini-claude-bot-watchdog.timer',
      'systemctl --user try-restart mini-claude-bot.service',
      'systemctl --user disable --now mini-claude-bot.service mini-claude-bot-watchdog.timer',
    ]);
    expect(systemd.paths()[0]).toBe(join(home, '.config/systemd/user/mini-claude-bot.service'));
    expect(await systemd.advice()).toEqual([expect.stringContaining('enable-linger me')]);
  });

  test('says why it will not', async () => {
    await expect(system(1).system.start()).rejects.toThrow('it says no');
    rmSync(join(home, 'bin'), { recursive: true });
    const nowhere = serviceSystem({ HOME: home, PATH: join(home, 'bin') }, 'linux');
    await expect(nowhere.start()).rejects.toThrow('systemctl is not there');
    expect(() => serviceSystem({ HOME: home }, 'win32')).toThrow('win32');
    expect(statSync(home).isDirectory()).toBe(true);
  });
});
