import { describe, expect, test } from 'vitest';
import {
  assistant,
  callOf,
  type ExampleMessage,
  system,
  toolResult,
  user,
} from './request-examples.ts';

const read = (...messages: ExampleMessage[]) => callOf(messages).conversation;
const reminder = '<system-reminder>\nMind the rules.\n</system-reminder>';
const cutNote = 'Your response above was cut off mid-stream. Resume directly from where it stops.';

describe('readConversation', () => {
  test('finds the prompt beside reminders and before system messages', () => {
    const found = read(user(reminder, 'the prompt'), system('[[text:context of a hook]]'));
    expect(found).toMatchObject({ prompt: 'the prompt', earlierPrompts: [], step: 0 });
  });

  test('takes a prompt sent as a plain string', () => {
    expect(read({ role: 'user', content: ' exactly\nthis ' }).prompt).toBe(' exactly\nthis ');
  });

  test('counts the assistant messages since the prompt', () => {
    const found = read(
      user('old'),
      assistant('answer'),
      user('new'),
      assistant('calls a tool'),
      user(toolResult('one')),
      assistant('calls another'),
      user(toolResult('two'), reminder),
    );
    expect(found).toEqual({
      prompt: 'new',
      earlierPrompts: ['old'],
      step: 2,
      resumes: false,
      lastToolResult: 'two',
    });
  });

  test('skips what the CLI writes about an interruption and undoes its merging', () => {
    const found = read(
      user('first\n', '[Request interrupted by user]\n', 'second\n', 'third'),
      system('x'),
    );
    expect(found).toMatchObject({ prompt: 'third', earlierPrompts: ['first', 'second'] });
  });

  test('a prompt that is sent again before its answer is the same one', () => {
    const found = read(user('old'), assistant('answer'), user('again\n', 'again'));
    expect(found).toMatchObject({ prompt: 'again', earlierPrompts: ['old'], step: 0 });
    const resumed = read(user('again'), assistant('No response requested.'), user('again'));
    expect(resumed).toMatchObject({ prompt: 'again', earlierPrompts: [], step: 0 });
    const answered = read(user('again'), assistant('answer'), user('again'));
    expect(answered).toMatchObject({ prompt: 'again', earlierPrompts: ['again'], step: 0 });
  });

  test('a message sent during a tool call starts no new count', () => {
    const found = read(
      user('do it'),
      assistant('calls a tool'),
      user(toolResult('done')),
      system('The user sent a new message while you were working:\nhurry'),
    );
    expect(found).toMatchObject({ prompt: 'do it', step: 1 });
  });

  test('a reply that was cut off does not count', () => {
    const found = read(user('do it'), assistant('half'), user(cutNote));
    expect(found).toMatchObject({ prompt: 'do it', earlierPrompts: [], step: 0, resumes: true });
    const later = read(user('do it'), assistant('half'), user(cutNote), assistant('rest'));
    expect(later).toMatchObject({ step: 1, resumes: false });
  });

  test('has an empty prompt where there is none', () => {
    expect(read(user(reminder)).prompt).toBe('');
  });
});
