// Runs the dashboard, built where its sources are others than those it was built from.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { buildDashboard, dashboardDirectory } from './build-dashboard.mjs';

const { values } = parseArgs({
  options: { 'build-only': { type: 'boolean' } },
  allowPositionals: false,
});
await buildDashboard(console.log);
if (values['build-only'] !== true) {
  const { PORT = '3000', HOST = '127.0.0.1' } = process.env;
  const next = createRequire(`${dashboardDirectory}/package.json`).resolve('next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'start', '--port', PORT, '--hostname', HOST], {
    cwd: dashboardDirectory,
    stdio: 'inherit',
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
  });
}
