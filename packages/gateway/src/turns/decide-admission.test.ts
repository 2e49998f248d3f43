import { expect, test } from 'vitest';
import { type AdmissionStep, type AdmissionView, decideAdmission } from './decide-admission.ts';

const session = (key: string) => ({ key, pid: 1, busy: false, startedMs: 0, lastUsedMs: 0 });

const view: AdmissionView = { free: 100, floor: 50, idle: [], waited: 0, maxWait: 30 };

test.each<[string, Partial<AdmissionView>, AdmissionStep]>([
  ['enough memory', {}, { kind: 'run' }],
  ['just enough', { free: 50 }, { kind: 'run' }],
  ['no floor at all', { free: 0, floor: 0 }, { kind: 'run' }],
  ['enough, though it waited too long', { waited: 31 }, { kind: 'run' }],
  [
    'too little, and sessions to close',
    { free: 49, idle: [session('old'), session('new')] },
    { kind: 'close', entry: session('old') },
  ],
  [
    'too little for long, and one to close',
    { free: 49, idle: [session('x')], waited: 99 },
    { kind: 'close', entry: session('x') },
  ],
  ['too little, and nothing to close', { free: 49 }, { kind: 'wait' }],
  ['too little for too long', { free: 49, waited: 30 }, { kind: 'refuse' }],
])('%s', (_what, difference, step) => {
  expect(decideAdmission({ ...view, ...difference })).toEqual(step);
});
