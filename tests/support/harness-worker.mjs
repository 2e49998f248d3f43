// What a harness's tasks are done with in tests: sets the next open tasks of the present phase to done, and
// counts how often each was done. The file is replaced as a whole: a death leaves the old one or the new one.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const most = Number(process.argv[2] ?? 1);
const file = '.harness/tasks.json';
const harness = JSON.parse(readFileSync(file, 'utf8'));
const isOpen = ({ status }) => status !== 'done';
const phase = harness.phases.find(({ tasks }) => tasks.some(isOpen)) ?? harness.phases.at(-1);
for (const task of phase.tasks.filter(isOpen).slice(0, most)) {
  task.status = 'done';
  task.runs = (task.runs ?? 0) + 1;
}
const left = harness.phases.flatMap(({ tasks }) => tasks).filter(isOpen).length;
writeFileSync(`${file}.new`, JSON.stringify(harness));
renameSync(`${file}.new`, file);
const done = phase.tasks.length - phase.tasks.filter(isOpen).length;
const marker = `[HARNESS_BATCH_DONE:${phase.name}:${done}/${phase.tasks.length}]`;
console.log(left === 0 ? '[HARNESS_COMPLETE]' : marker);
