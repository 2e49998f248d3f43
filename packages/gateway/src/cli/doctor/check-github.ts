import { existsSync } from 'node:fs';
import { claudeEnvironment } from '@mini-claude-bot/claude';
import { whyNoSandbox } from '../../away/repo-commands.ts';
import { readWholeList } from '../../away/repo-list.ts';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { secretNames } from '../../config/variables.ts';
import { CommandError, runCommand } from '../../host/run-command.ts';
import { type Finding, ok, warning, wordsOf } from './finding.ts';

type Variables = Readonly<Record<string, string>>;

const timeoutMs = 10_000;

/** Whether issues can be worked on while the owner is away; nothing where they have listed no repositories. */
export async function checkGitHub(config: Config, environment: Environment): Promise<Finding[]> {
  const { AWAY_REPOS_FILE, GH_BIN } = config;
  if (!existsSync(AWAY_REPOS_FILE)) return [];
  const env = claudeEnvironment(environment, secretNames);
  return [
    await checkLogin(GH_BIN, AWAY_REPOS_FILE, env),
    ...(await checkRepositories(AWAY_REPOS_FILE, env)),
  ];
}

async function checkLogin(gh: string, list: string, env: Variables): Promise<Finding> {
  try {
    await runCommand(gh, ['auth', 'status'], { env, timeoutMs });
    return ok('github', 'The GitHub command line is logged in.');
  } catch (error) {
    const missing = error instanceof CommandError && error.missing;
    const found = missing
      ? `The GitHub command line, ${gh}, is not installed; ${list} lists repositories.`
      : `GitHub can't be asked for issues: ${wordsOf(error)}`;
    const fix = missing
      ? 'Install it from https://cli.github.com, or name it with GH_BIN.'
      : `Run: ${gh} auth login`;
    return warning('github', found, fix);
  }
}

/** The list itself, the clones, and where the commands of the list can run. */
async function checkRepositories(list: string, env: Variables): Promise<Finding[]> {
  try {
    const repos = await readWholeList(list);
    const noClone = repos.filter(({ path }) => !existsSync(path));
    const confined = repos.some(
      ({ settings: { setup, test, sandbox } }) =>
        sandbox === 'bubblewrap' && (setup ?? test) !== undefined,
    );
    const why = confined ? await whyNoSandbox(runCommand, env) : undefined;
    return [
      ...noClone.map(({ repo, path }) =>
        warning(
          'away_clone',
          `The clone of ${repo}, ${path}, is not there: its issues are not worked on.`,
          `Clone it there, or say in ${list} with "path" where it is.`,
        ),
      ),
      ...(why === undefined
        ? []
        : [
            warning(
              'away_sandbox',
              `Setup and tests of the repositories in ${list} are not run: ${why}.`,
              'On Linux, install the package bubblewrap. Elsewhere "sandbox": "none" runs them with all your rights.',
            ),
          ]),
    ];
  } catch (error) {
    return [warning('away_repositories', wordsOf(error), `Correct ${list}.`)];
  }
}
