import { existsSync } from 'node:fs';
import { claudeEnvironment } from '@mini-claude-bot/claude';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { secretNames } from '../../config/variables.ts';
import { CommandError, runCommand } from '../../host/run-command.ts';
import { type Finding, ok, warning, wordsOf } from './finding.ts';

const timeoutMs = 10_000;

/** Whether issues can be worked on while the owner is away; nothing where they have listed no repositories. */
export async function checkGitHub(config: Config, environment: Environment): Promise<Finding[]> {
  const { AWAY_REPOS_FILE, GH_BIN } = config;
  if (!existsSync(AWAY_REPOS_FILE)) return [];
  try {
    const env = claudeEnvironment(environment, secretNames);
    await runCommand(GH_BIN, ['auth', 'status'], { env, timeoutMs });
    return [ok('github', 'The GitHub command line is logged in.')];
  } catch (error) {
    const missing = error instanceof CommandError && error.missing;
    const found = missing
      ? `The GitHub command line, ${GH_BIN}, is not installed; ${AWAY_REPOS_FILE} lists repositories.`
      : `GitHub can't be asked for issues: ${wordsOf(error)}`;
    const fix = missing
      ? 'Install it from https://cli.github.com, or name it with GH_BIN.'
      : `Run: ${GH_BIN} auth login`;
    return [warning('github', found, fix)];
  }
}
