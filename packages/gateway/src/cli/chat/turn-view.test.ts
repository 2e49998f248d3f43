import type { TurnEvent } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { Surface } from './surface.ts';
import { type TurnEnd, TurnView } from './turn-view.ts';

const text = (content: string): TurnEvent => ({ type: 'text', content });
const thinking = (content: string): TurnEvent => ({ type: 'thinking', content });
const done = (content: string): TurnEvent => ({ type: 'done', content });
const tool: TurnEvent = { type: 'tool', name: 'Bash', content: 'ls' };

class Paper {
  written = '';
  readonly isTTY: boolean;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(piece: string): boolean {
    this.written += piece;
    return true;
  }
}

interface Shown {
  readonly reply: string;
  readonly aside: string;
  readonly end: TurnEnd;
}

/** As in a terminal: one surface for all. */
function inTerminal(events: readonly TurnEvent[], showThinking = true): Shown {
  const paper = new Paper(true);
  const surface = new Surface(paper, false);
  const view = new TurnView({ reply: surface, aside: surface, showThinking, live: true });
  for (const event of events) view.show(event);
  return { end: view.close(), reply: paper.written, aside: paper.written };
}

/** As with `> file`: the reply apart, and only once it is complete. */
function inFile(events: readonly TurnEvent[], live = false): Shown {
  const [reply, aside] = [new Paper(false), new Paper(false)];
  const view = new TurnView({
    reply: new Surface(reply, false),
    aside: new Surface(aside, false),
    showThinking: true,
    live,
  });
  for (const event of events) view.show(event);
  return { end: view.close(), reply: reply.written, aside: aside.written };
}

test('in a terminal, thinking, tools and the reply each begin a line', () => {
  const events = [
    thinking('Hm, '),
    thinking('hm.'),
    text('Let me '),
    text('look.'),
    tool,
    text('\n\nThere.'),
    done('Let me look.\n\nThere.'),
  ];
  expect(inTerminal(events)).toMatchObject({
    reply: 'Hm, hm.\nLet me look.\n⚙ Bash: ls\nThere.\n',
    end: 'answered',
  });
});

test('thinking can be hidden', () => {
  expect(inTerminal([thinking('Hm.'), text('Yes.'), done('Yes.')], false).reply).toBe('Yes.\n');
});

test('text that was taken back is said to be, and what stands follows', () => {
  const events: TurnEvent[] = [text('Half an'), { type: 'restart', content: 'it broke off' }];
  const { reply } = inTerminal([...events, text('A whole answer'), done('A whole answer')]);
  expect(reply).toBe('Half an\n↺ Starting over, forget the above: it broke off\nA whole answer\n');
});

test('a file gets the reply alone, without what was taken back', () => {
  const events: TurnEvent[] = [
    thinking('Hm.'),
    text('Half an'),
    { type: 'restart', content: 'it broke off' },
    text('Whole'),
    tool,
    done('Whole'),
  ];
  const { reply, aside, end } = inFile(events);
  expect({ reply, end }).toEqual({ reply: 'Whole\n', end: 'answered' });
  expect(aside).toBe('Hm.\n↺ Starting over, forget the above: it broke off\n⚙ Bash: ls\n');
});

test('a reply too long for `done` is what was joined', () => {
  expect(inFile([text('a'), text('b')])).toMatchObject({ reply: 'ab\n', end: 'answered' });
});

test('an answer that comes without deltas is shown all the same', () => {
  expect(inTerminal([done('From before.')]).reply).toBe('From before.\n');
  expect(inFile([done('From before.')]).reply).toBe('From before.\n');
});

test('the place in the queue is shown', () => {
  const queued: TurnEvent = { type: 'queued', content: '2 messages come first.', position: 2 };
  expect(inTerminal([queued, text('Hi'), done('Hi')]).reply).toBe('· 2 messages come first.\nHi\n');
});

test('a turn that failed says why, beside what was said before', () => {
  const failed: TurnEvent = {
    type: 'done',
    content: '[ERROR] It broke.\n\nBefore that, Claude said:\n\nHalf',
    error: 'claude_crashed',
  };
  expect(inTerminal([text('Half'), failed])).toMatchObject({
    reply: 'Half\n[ERROR] It broke.\n',
    end: 'failed',
  });
  const file = inFile([text('Half'), failed]);
  expect(file).toMatchObject({ reply: '', aside: `${failed.content}\n`, end: 'failed' });
});

test('a turn that somebody stopped keeps what was said', () => {
  const stopped: TurnEvent = { type: 'done', content: 'Half\n\n(stopped)', stopped: true };
  expect(inTerminal([text('Half'), stopped])).toMatchObject({
    reply: 'Half\n· Stopped.\n',
    end: 'stopped',
  });
});

test('a message that was not run failed', () => {
  const error: TurnEvent = {
    type: 'error',
    content: 'Still busy.',
    code: 'queue_timeout',
    busy: true,
  };
  expect(inTerminal([error])).toMatchObject({ reply: 'Still busy.\n', end: 'failed' });
});

test('nothing at all is no answer', () => {
  expect(inTerminal([]).end).toBe('silent');
});

test('nothing of a turn can steer the terminal', () => {
  const evil = 'a\u001b[2J\u001b]0;t\u0007b\r';
  const events: TurnEvent[] = [
    { type: 'queued', content: evil, position: 1 },
    thinking(evil),
    { type: 'tool', name: evil, content: evil },
    { type: 'notice', content: evil },
    text(evil),
    { type: 'restart', content: evil },
    text(evil),
    { type: 'done', content: evil, error: 'api_error' },
  ];
  for (const { reply, aside } of [inTerminal(events), inFile(events), inFile(events, true)]) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(reply + aside).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  }
});
