import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { type Machine, SystemCollector, uptimeText } from './system-figures.ts';
import { thisMachine } from './this-machine.ts';

const gigabyte = 2 ** 30;

/** A machine of 8 cores and 16 GB, 6 of them free. In the first 250 ms its cores are busy for 500 of 2,000. */
function machineWith(files: Record<string, string> = {}): Machine {
  let looks = 0;
  return {
    cpu: async () => ({ manufacturer: 'Acme', brand: 'Fast', cores: 8 }),
    mem: async () => ({ total: 16 * gigabyte, available: 6 * gigabyte }),
    busyMs: () => (looks++ === 0 ? 1_000 : 1_500),
    readFile: async (path) => files[path],
  };
}

/** Time passes only in pauses; `each` is called in them. */
function collectorOn(machine: Machine, each: () => void = () => {}) {
  let now = 1_000_000;
  const collector = new SystemCollector({
    machine,
    directory: tmpdir(),
    now: () => now,
    pause: async (ms) => {
      now += ms;
      each();
    },
  });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { collector, pass };
}

test('without limits, the machine is told', async () => {
  expect(await collectorOn(machineWith()).collector.collect()).toMatchObject({
    cpu: 'Acme Fast',
    cpu_cores: 8,
    cpu_usage_percent: 25,
    cpu_idle_percent: 75,
    memory_total_gb: 16,
    memory_used_gb: 10,
    memory_free_gb: 6,
  });
});

describe('in a container', () => {
  test.each([
    [
      'version 2',
      {
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/memory.max': `${2 * gigabyte}\n`,
        '/sys/fs/cgroup/memory.current': `${1.5 * gigabyte}\n`,
        '/sys/fs/cgroup/memory.stat': `inactive_file ${0.5 * gigabyte}\n`,
      },
    ],
    [
      'version 1',
      {
        '/proc/self/cgroup': '4:memory:/docker/x\n1:cpu,cpuacct:/docker/x\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${2 * gigabyte}\n`,
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${1.5 * gigabyte}\n`,
        '/sys/fs/cgroup/memory/memory.stat': `total_inactive_file ${0.5 * gigabyte}\n`,
      },
    ],
  ])('its memory is what its limit says: control groups of %s', async (_version, files) => {
    expect(await collectorOn(machineWith(files)).collector.collect()).toMatchObject({
      memory_total_gb: 2,
      memory_used_gb: 1,
      memory_free_gb: 1,
    });
  });

  test('a limit that is more than the machine has is none', async () => {
    const files = {
      '/proc/self/cgroup': '4:memory:/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '100\n',
    };
    expect(await collectorOn(machineWith(files)).collector.collect()).toMatchObject({
      memory_total_gb: 16,
      memory_free_gb: 6,
    });
  });

  test.each([
    [
      'version 2',
      {
        '/proc/self/cgroup': '0::/\n',
        '/sys/fs/cgroup/cpu.max': '50000 100000\n',
      },
      '/sys/fs/cgroup/cpu.stat',
      (ms: number) => `usage_usec ${ms * 1_000}\nuser_usec 1\n`,
    ],
    [
      'version 1',
      {
        '/proc/self/cgroup': '1:cpu,cpuacct:/\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n',
        '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      },
      '/sys/fs/cgroup/cpuacct/cpuacct.usage',
      (ms: number) => `${ms * 1_000_000}\n`,
    ],
  ])(
    'its processors are what its quota says: control groups of %s',
    async (_version, limits, counter, text) => {
      const files: Record<string, string> = { ...limits, [counter]: text(5_000) };
      // In the first pause of 250 ms it uses 100 ms of the 125 that half a core has.
      const { collector, pass } = collectorOn(machineWith(files), () => {
        files[counter] = text(5_100);
      });
      expect(await collector.collect()).toMatchObject({
        cpu_cores: 0.5,
        cpu_usage_percent: 80,
        cpu_idle_percent: 20,
      });
      // Later it is told since the last time.
      pass(10_000);
      files[counter] = text(5_600);
      expect(await collector.collect()).toMatchObject({ cpu_usage_percent: 10 });
    },
  );

  test.each([
    ['no quota', '-1\n'],
    ['a quota of more than all cores', '1600000\n'],
  ])('%s is none', async (_what, quota) => {
    const files = {
      '/proc/self/cgroup': '1:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': quota,
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
      '/sys/fs/cgroup/cpuacct/cpuacct.usage': '1\n',
    };
    expect(await collectorOn(machineWith(files)).collector.collect()).toMatchObject({
      cpu_cores: 8,
      cpu_usage_percent: 25,
    });
  });
});

test('this machine has figures', async () => {
  const { collector } = collectorOn(thisMachine);
  const figures = await collector.collect();
  expect(figures.cpu).not.toBe('');
  expect(figures.memory_total_gb).toBeGreaterThan(0);
  expect(figures.memory_used_gb + figures.memory_free_gb).toBeCloseTo(figures.memory_total_gb, 1);
  expect(figures.disk_total_gb).toBeGreaterThan(0);
  expect(figures.disk_used_gb + figures.disk_free_gb).toBeLessThanOrEqual(
    figures.disk_total_gb + 0.2,
  );
});

test.each([
  [59, '0:00'],
  [4 * 3600 + 5 * 60, '4:05'],
  [86_400, '1 day, 0:00'],
  [3 * 86_400 + 23 * 3600 + 59 * 60, '3 days, 23:59'],
])('%d seconds are %j', (seconds, text) => {
  expect(uptimeText(seconds)).toBe(text);
});
