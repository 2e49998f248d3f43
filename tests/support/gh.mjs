#!/usr/bin/env node
// A program in the place of GitHub's: it knows the issues that a file names, and keeps the pull requests.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(process.env.HOME, 'github.json');
if (!existsSync(file)) {
  console.error('To get started with GitHub CLI, please run:  gh auth login');
  process.exit(4);
}
const github = JSON.parse(readFileSync(file, 'utf8'));
const [kind, verb, ...words] = process.argv.slice(2);
const option = (name) =>
  words.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
const repo = option('repo');

if (kind === 'issue' && verb === 'list') {
  const issues = github.issues[repo];
  if (issues === undefined) {
    console.error(`GraphQL: Could not resolve to a Repository with the name '${repo}'.`);
    process.exit(1);
  }
  const label = option('label');
  const fits = issues.filter(({ labels = [] }) => label === undefined || labels.includes(label));
  console.log(JSON.stringify(fits.map(({ number, title, body }) => ({ number, title, body }))));
} else if (kind === 'pr' && verb === 'list') {
  const open = github.pulls.filter((pull) => pull.repo === repo && pull.head === option('head'));
  console.log(JSON.stringify(open.map(({ url }) => ({ url }))));
} else if (kind === 'pr' && verb === 'create') {
  const url = `https://github.com/${repo}/pull/${github.pulls.length + 1}`;
  const names = ['head', 'base', 'title', 'body'];
  const said = Object.fromEntries(names.map((name) => [name, option(name)]));
  github.pulls.push({ repo, url, draft: words.includes('--draft'), ...said });
  writeFileSync(file, JSON.stringify(github));
  console.log(`\nCreating draft pull request\n\n${url}`);
} else {
  console.error(`unknown command "${kind} ${verb}"`);
  process.exit(1);
}
