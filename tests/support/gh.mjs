#!/usr/bin/env node
// A program in the place of GitHub's: it knows what `github.json` in its home names, keeps the pull requests there, and
// takes no words but those that the real one would take. `hold` in its home names a call that it stops at.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const home = process.env.HOME;
const file = join(home, 'github.json');
const fail = (words, code = 1) => {
  console.error(words);
  process.exit(code);
};
if (!existsSync(file)) fail('To get started with GitHub CLI, please run:  gh auth login', 4);
const github = JSON.parse(readFileSync(file, 'utf8'));
const [kind, verb, ...words] = process.argv.slice(2);
appendFileSync(join(home, 'gh.log'), `${JSON.stringify(process.argv.slice(2))}\n`);

const allowed = {
  'issue list': ['repo', 'state', 'limit', 'assignee', 'json'],
  'pr list': ['repo', 'state', 'limit', 'head', 'json'],
  'pr create': ['repo', 'head', 'base', 'title', 'body', 'draft'],
};
const fields = {
  'issue list': ['number', 'title', 'body', 'createdAt', 'labels', 'assignees', 'url', 'state'],
  'pr list': ['number', 'title', 'body', 'headRefName', 'isCrossRepository', 'url', 'state'],
};

/** Stops there until the file is gone; its caller has died meanwhile. */
async function hold(point) {
  const named = () => existsSync(join(home, 'hold')) && readFileSync(join(home, 'hold'), 'utf8');
  if (named() !== point) return;
  writeFileSync(join(home, 'held'), point);
  while (named() === point) await new Promise((resolve) => setTimeout(resolve, 20));
  process.exit(1);
}

if (kind === 'api' && verb === 'user' && words.length === 0) {
  console.log(JSON.stringify({ login: 'owner', id: 1 }));
  process.exit(0);
}
const call = `${kind} ${verb}`;
if (!(call in allowed)) fail(`unknown command "${call}" for "gh"`);
const options = {};
for (const word of words) {
  const [, name, value] = /^--([a-z]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (name === undefined) fail(`unknown argument "${word}"`);
  if (!allowed[call].includes(name)) fail(`unknown flag: --${name}`);
  if (name in options) fail(`the flag --${name} was given twice`);
  options[name] = value ?? true;
}
const { repo } = options;
if (github.issues[repo] === undefined)
  fail(`GraphQL: Could not resolve to a Repository with the name '${repo}'. (repository)`);

const asked = (row) => {
  const names = options.json.split(',');
  for (const name of names) if (!fields[call].includes(name)) fail(`Unknown JSON field: "${name}"`);
  return Object.fromEntries(names.map((name) => [name, row[name]]));
};
const inState = ({ state }) =>
  options.state === 'all' || state.toLowerCase() === (options.state ?? 'open');

await hold(`before gh ${call}`);
if (call === 'issue list') {
  const rows = github.issues[repo].map(({ labels = [], assignees = [], ...issue }) => ({
    createdAt: '2026-01-01T00:00:00Z',
    state: 'OPEN',
    body: '',
    ...issue,
    labels: labels.map((name) => ({ id: 'L', name, description: '', color: 'fff' })),
    assignees: assignees.map((login) => ({ id: 'U', login, name: '' })),
  }));
  const fits = rows.filter(
    (row) =>
      inState(row) &&
      (options.assignee === undefined ||
        row.assignees.some(({ login }) => login === options.assignee)),
  );
  console.log(JSON.stringify(fits.slice(0, Number(options.limit)).map(asked)));
} else if (call === 'pr list') {
  const fits = github.pulls.filter(
    (pull) =>
      pull.repo === repo &&
      inState(pull) &&
      (options.head === undefined || pull.headRefName === options.head),
  );
  console.log(JSON.stringify(fits.map(asked)));
} else {
  for (const name of allowed[call]) if (!(name in options)) fail(`must provide --${name}`);
  const { head, base, title, body } = options;
  const others = github.pulls.filter((pull) => pull.repo === repo && pull.headRefName === head);
  if (others.some(({ state, isCrossRepository }) => state === 'OPEN' && !isCrossRepository))
    fail(`a pull request for branch "${head}" into branch "${base}" already exists`);
  const number = 100 + github.pulls.length;
  const url = `https://github.com/${repo}/pull/${number}`;
  const known = { repo, number, url, headRefName: head, isCrossRepository: false, state: 'OPEN' };
  github.pulls.push({ ...known, draft: options.draft === true, base, title, body });
  writeFileSync(file, JSON.stringify(github));
  await hold(`after gh ${call}`);
  console.log(`\nCreating draft pull request for ${head} into ${base} in ${repo}\n\n${url}`);
}
