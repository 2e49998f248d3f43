import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Bytes of memory that a process holds (resident set); 0 when it is gone. */
export async function processMemory(pid: number): Promise<number> {
  const kilobytes = process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  return kilobytes * 1024;
}

async function fromProc(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}

async function fromPs(pid: number): Promise<number> {
  const output = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(
    () => undefined,
  );
  return Number(output?.stdout.trim() ?? 0);
}
