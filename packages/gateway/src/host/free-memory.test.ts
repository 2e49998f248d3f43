import { expect, test } from 'vitest';
import { freeInVmStat, freeMemory, freeOnLinux } from './free-memory.ts';

const meminfo = 'MemTotal:       16000 kB\nMemFree:         1000 kB\nMemAvailable:    8000 kB\n';

const machine = (files: Record<string, string>) => (path: string) =>
  Promise.resolve({ '/proc/meminfo': meminfo, ...files }[path]);

test('without limits, what the machine has available counts', async () => {
  expect(await freeOnLinux(machine({}))).toBe(8000 * 1024);
  const unlimited = {
    '/proc/self/cgroup': '0::/user.slice\n',
    '/sys/fs/cgroup/user.slice/memory.max': 'max\n',
  };
  expect(await freeOnLinux(machine(unlimited))).toBe(8000 * 1024);
});

test('a control group of version 2 that leaves less counts, with its cache as free', async () => {
  const files = {
    '/proc/self/cgroup': '0::/a/b\n',
    '/sys/fs/cgroup/a/b/memory.max': '1000000\n',
    '/sys/fs/cgroup/a/b/memory.current': '900000\n',
    '/sys/fs/cgroup/a/b/memory.stat': 'anon 1\ninactive_file 50000\nactive_file 7\n',
  };
  expect(await freeOnLinux(machine(files))).toBe(150_000);
});

test('so does one further up, or at the top as a container sees it', async () => {
  const above = {
    '/proc/self/cgroup': '0::/a/b\n',
    '/sys/fs/cgroup/a/memory.max': '1000\n',
    '/sys/fs/cgroup/a/memory.current': '400\n',
  };
  expect(await freeOnLinux(machine(above))).toBe(600);
  const container = {
    '/proc/self/cgroup': '0::/\n',
    '/sys/fs/cgroup/memory.max': '1000\n',
    '/sys/fs/cgroup/memory.current': '1400\n',
  };
  expect(await freeOnLinux(machine(container))).toBe(0);
});

test('a control group of version 1 counts as well', async () => {
  const files = {
    '/proc/self/cgroup': '5:cpu,cpuacct:/x\n4:memory:/x\n0::/x\n',
    '/sys/fs/cgroup/memory/x/memory.limit_in_bytes': '5000\n',
    '/sys/fs/cgroup/memory/x/memory.usage_in_bytes': '3000\n',
    '/sys/fs/cgroup/memory/x/memory.stat': 'inactive_file 1\ntotal_inactive_file 500\n',
  };
  expect(await freeOnLinux(machine(files))).toBe(2500);
});

test('on a Mac, pages that can be given away at once are free', () => {
  const text = [
    'Mach Virtual Memory Statistics: (page size of 16384 bytes)',
    'Pages free:                               10.',
    'Pages active:                          99999.',
    'Pages inactive:                          200.',
    'Pages speculative:                      3000.',
    'Pages purgeable:                       40000.',
  ].join('\n');
  expect(freeInVmStat(text)).toBe(43_210 * 16_384);
});

test('this machine has some', async () => {
  expect(await freeMemory()).toBeGreaterThan(1_000_000);
});
