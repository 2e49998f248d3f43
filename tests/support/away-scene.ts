import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const who = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@x',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@x',
};

/** An issue as the stand-in for `gh` keeps it. */
export interface GivenIssue {
  readonly number: number;
  readonly title: string;
  readonly body?: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
  readonly createdAt?: string;
}

/** A pull request as the stand-in for `gh` keeps it. */
export interface KeptPull {
  readonly repo: string;
  readonly number: number;
  readonly url: string;
  readonly headRefName: string;
  readonly isCrossRepository: boolean;
  readonly state: string;
  readonly draft: boolean;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

/** Environment of a gateway that works on issues here. */
export const awayEnvironment = (home: string): Record<string, string> => ({
  ...who,
  PATH: [here('./holding-git'), process.env.PATH].join(delimiter),
  GH_BIN: here('./gh.mjs'),
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  GATEWAY_MIN_FREE_MB: '0',
});

/** Repositories on disk with clones of an owner's, and a GitHub that is a file, all below one home. */
export class AwayScene {
  readonly #home: string;

  constructor(home: string) {
    this.#home = home;
    writeFileSync(join(home, 'gitconfig'), '');
  }

  readonly git = (place: string, ...words: string[]): string =>
    execFileSync('git', words, {
      cwd: join(this.#home, place),
      env: { ...process.env, ...who, GIT_CONFIG_GLOBAL: join(this.#home, 'gitconfig') },
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();

  /** A bare repository with a commit on `main`, and the owner's clone of it. */
  addRepository(name: string, files: Readonly<Record<string, string>> = {}): void {
    this.git('.', 'init', '-q', '--bare', '-b', 'main', `${name}.git`);
    this.git('.', 'clone', '-q', `${name}.git`, name);
    this.git(name, 'checkout', '-q', '-b', 'main');
    for (const [path, text] of Object.entries({ 'README.md': 'tea\n', ...files })) {
      mkdirSync(join(this.#home, name, path, '..'), { recursive: true });
      writeFileSync(join(this.#home, name, path), text);
    }
    this.git(name, 'add', '.');
    this.git(name, 'commit', '-qm', 'Begin');
    this.git(name, 'push', '-q', 'origin', 'main');
  }

  list(entries: unknown): void {
    const text = typeof entries === 'string' ? entries : JSON.stringify(entries);
    writeFileSync(join(this.#home, 'away-repos.json'), text);
  }

  /** What GitHub knows. */
  github(issues: Readonly<Record<string, readonly GivenIssue[]>>, pulls: readonly object[] = []) {
    writeFileSync(join(this.#home, 'github.json'), JSON.stringify({ issues, pulls }));
  }

  pulls(): KeptPull[] {
    return JSON.parse(readFileSync(join(this.#home, 'github.json'), 'utf8')).pulls;
  }

  /** Names of the branches of a repository. */
  branches(name: string): string[] {
    return this.git(name, 'for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
  }

  /** All calls of a program so far. */
  calls(program: 'git' | 'gh'): string[] {
    const file = join(this.#home, `${program}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  path(...parts: string[]): string {
    return join(this.#home, ...parts);
  }
}
