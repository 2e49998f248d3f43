// One batch of a harness in tests: the task of that number is done, unless it is already, and how often it
// was done is counted. The file is replaced as a whole: a death leaves the old one or the new one.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const number = Number(process.argv[2]);
const file = '.harness/tasks.json';
const harness = JSON.parse(readFileSync(file, 'utf8'));
const { tasks } = harness;
const task = tasks[number];
if (task.status !== 'done') {
  task.status = 'done';
  task.runs = (task.runs ?? 0) + 1;
  writeFileSync(`${file}.new`, JSON.stringify(harness));
  renameSync(`${file}.new`, file);
}
const done = tasks.filter(({ status }) => status === 'done').length;
console.log(
  done === tasks.length ? '[HARNESS_COMPLETE]' : `[HARNESS_BATCH_DONE:all:${done}/${tasks.length}]`,
);
