#!/usr/bin/env node
// A program in Claude's place that speaks its language and behaves badly. The message says how; any that
// names no behaviour is answered well.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const { stdin, stdout, stderr } = process;
const about = { session_id: '11111111-2222-4333-8444-555555555555' };
const lineOf = (frame) => `${JSON.stringify(frame)}\n`;
const say = (frame) => stdout.write(lineOf(frame));
const frameOf = (fields) => ({ parent_tool_use_id: null, uuid: randomUUID(), ...about, ...fields });
const deltaOf = (delta) =>
  frameOf({ type: 'stream_event', event: { type: 'content_block_delta', index: 0, delta } });
const textDelta = (text) => deltaOf({ type: 'text_delta', text });
const saidOf = (content) =>
  frameOf({ type: 'assistant', message: { id: 'm1', model: 'test', content } });

function answer(text) {
  say(saidOf([{ type: 'text', text }]));
  const usage = { input_tokens: 1, output_tokens: 1 };
  const end = { subtype: 'success', is_error: false, result: text, total_cost_usd: 0, usage };
  say(frameOf({ type: 'result', ...end }));
}

/** Write the same over and over, as fast as it is taken, and never end. */
function pour(stream, piece) {
  const chunk = piece.repeat(Math.ceil((64 * 1024) / piece.length));
  const more = () => {
    while (stream.write(chunk));
    stream.once('drain', more);
  };
  more();
}

const half = () => say(textDelta('Half an'));

/** A tool that goes on after the program: in a session of its own, or with nobody as its parent. */
const leave = (command) => spawn('/bin/sh', ['-c', command], { stdio: 'ignore' });

const behaviours = {
  'hang-at-once': () => {},
  'hang-mid': half,
  // As the ones that end, but for their code.
  'crash-mid': () => {
    half();
    stderr.write('fatal: the key sk-ant-api03-verysecret was dropped\n', () => process.exit(7));
  },
  'end-mid': () => stdout.write(lineOf(textDelta('Half an')), () => process.exit(0)),
  'close-output': () => stdout.end(lineOf(textDelta('Half an'))),
  'leave-daemons': () => {
    leave('setsid sleep 3600');
    leave('(setsid sleep 3600 &) & (nohup sleep 3600 &) &');
    leave("trap '' TERM INT HUP; while :; do sleep 3600; done");
    stdout.write(lineOf(textDelta('Half an')), () => setTimeout(() => process.exit(1), 100));
  },
  'garbage-between': () => {
    stdout.write('<<< no JSON >>>\n{"type":"result"\n\u0000\u0001\n[]\n"text"\n{"type":"news"}\n');
    say(textDelta('after the'));
    stdout.write(`${'y'.repeat(1_000_000)}\n`);
    answer('after the garbage');
  },
  'flood-lines': () => pour(stdout, `${'no JSON '.repeat(16)}\n`),
  'flood-one-line': () => pour(stdout, 'x'),
  'flood-errors': () => pour(stderr, 'something is wrong\n'),
  'flood-text': () => pour(stdout, lineOf(textDelta('word '.repeat(50)))),
  'flood-thinking': () =>
    pour(stdout, lineOf(deltaOf({ type: 'thinking_delta', thinking: 'hm '.repeat(50) }))),
  'flood-tools': () =>
    pour(stdout, lineOf(saidOf([{ type: 'tool_use', id: 't1', name: 'Bash', input: {} }]))),
};

if (process.argv.includes('--version')) {
  console.log('2.1.330 (Claude Code)');
} else if (existsSync(join(process.env.HOME, 'crash-at-once'))) {
  stderr.write('cannot start: no such luck\n', () => process.exit(3));
} else {
  // It takes no notice of a request to stop, of a signal, or of the end of its input.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
  setInterval(() => {}, 3_600_000);
  createInterface({ input: stdin }).on('line', (line) => {
    const { type, request_id, request, message } = JSON.parse(line);
    if (type === 'control_request' && request.subtype === 'initialize') {
      const response = { commands: [], models: [], agents: [], account: {} };
      say({ type: 'control_response', response: { subtype: 'success', request_id, response } });
    }
    if (type === 'user') (behaviours[message.content] ?? (() => answer('well behaved')))();
  });
}
