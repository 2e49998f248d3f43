import { runCommandLine } from './command-line.ts';

// `… | head` closes the pipe early: nobody reads on, and that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  processEnvironment: process.env,
  envFile: `${process.cwd()}/.env`,
});
