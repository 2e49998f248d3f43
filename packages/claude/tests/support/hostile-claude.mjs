// A program in Claude's place that speaks its language and behaves badly. HOSTILE says how.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const behaviour = process.env.HOSTILE ?? '';
const about = { session_id: '11111111-2222-4333-8444-555555555555' };
const say = (frame) => process.stdout.write(`${JSON.stringify(frame)}\n`);
const frame = (fields) => say({ ...fields, uuid: randomUUID(), ...about });

const delta = (text) =>
  frame({
    type: 'stream_event',
    parent_tool_use_id: null,
    event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
  });

const result = (text) => {
  const usage = { input_tokens: 1, output_tokens: 1 };
  const message = { id: 'm1', model: 'claude-test', content: [{ type: 'text', text }] };
  frame({ type: 'assistant', parent_tool_use_id: null, message });
  frame({
    type: 'result',
    subtype: 'success',
    is_error: false,
    result: text,
    total_cost_usd: 0,
    usage,
  });
};

/** Start a program that outlives this one, and say which process it is. */
const leave = (name, command, options) => {
  const child = spawn('/bin/sh', ['-c', command], { stdio: 'ignore', ...options });
  child.unref();
  return [name, child.pid];
};

/** What each behaviour does with a message. */
const behaviours = {
  answer: () => result('well behaved'),
  'exit-quietly': () => process.exit(0),
  'exit-with-words': () => {
    delta('Half an ');
    process.stderr.write('fatal: key sk-ant-api03-verysecret was rejected\n', () =>
      process.exit(7),
    );
  },
  'crash-mid': () => {
    delta('Half an ');
    process.stdout.write('', () => process.kill(process.pid, 'SIGKILL'));
  },
  hang: () => delta('So far'),
  'one-endless-line': () => {
    const piece = 'x'.repeat(64 * 1024);
    const pour = () => {
      while (process.stdout.write(piece));
      process.stdout.once('drain', pour);
    };
    pour();
  },
  'endless-reply': () => {
    const more = () => {
      while (delta('word '.repeat(200)));
      process.stdout.once('drain', more);
    };
    more();
  },
  garbage: () => {
    process.stdout.write('<<< no JSON >>>\n{"type":"result"\n\u0000\u0001\n');
    process.stdout.write(`${'y'.repeat(1_000_000)}\n`);
    result('after the garbage');
  },
  'null-frame': () => say(null),
  'broken-frame': () => say({ type: 'assistant', parent_tool_use_id: null }),
  'close-output': () => {
    delta('Half an ');
    process.stdout.end();
    setInterval(() => {}, 1_000);
  },
  // A daemon without our environment and outside our tree, which holds our output open.
  'leave-output-open': () => {
    const held = spawn('/bin/sh', ['-c', 'exec sleep 600'], {
      env: {},
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    held.unref();
    writeFileSync(process.env.HOSTILE_PIDS, JSON.stringify({ held: held.pid }));
    process.exit(0);
  },
  'hidden-child': () => {
    const pids = Object.fromEntries([leave('clean', 'exec sleep 600', { env: {} })]);
    writeFileSync(process.env.HOSTILE_PIDS, JSON.stringify(pids));
    result('a child is out');
  },
  daemons: () => {
    const pids = Object.fromEntries([
      leave('child', 'exec sleep 600'),
      leave('session', 'exec sleep 600', { detached: true }),
      leave('nohup', 'exec nohup sleep 600'),
      leave('deaf', "trap '' TERM INT HUP; while :; do sleep 600; done"),
      leave('clean', 'exec sleep 600', { env: {} }),
      leave('forked', '(setsid sleep 600 &) & (nohup sleep 600 &) &'),
    ]);
    writeFileSync(process.env.HOSTILE_PIDS, JSON.stringify(pids));
    result('daemons are out');
  },
};

if (behaviour === 'crash-at-start') {
  process.stderr.write('cannot start: no such luck\n', () => process.exit(3));
} else {
  if (behaviour === 'hang' || behaviour === 'daemons') {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
  }
  createInterface({ input: process.stdin }).on('line', (line) => {
    const { type, request_id, request } = JSON.parse(line);
    if (type === 'user') behaviours[behaviour]();
    // Asked to stop, it says nothing.
    if (type === 'control_request' && request.subtype === 'initialize') {
      const response = { commands: [], models: [], agents: [], account: {} };
      say({ type: 'control_response', response: { subtype: 'success', request_id, response } });
    }
  });
  // It also stays when its input ends.
  if (behaviour === 'hang' || behaviour === 'daemons') setInterval(() => {}, 1_000);
}
