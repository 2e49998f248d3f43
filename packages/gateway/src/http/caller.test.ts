import { BotId, type Operation, operations } from '@mini-claude-bot/contract';
import { describe, expect, test } from 'vitest';
import { type Caller, confine, localOwner } from './caller.ts';

const bound: Caller = { name: 'hero', botId: BotId.parse('hero') };

const confined = (
  operation: Operation,
  gathered: Record<string, unknown>,
  caller: Caller,
): unknown => {
  confine(operation, gathered, caller);
  return gathered;
};

describe('a caller that is bound to a bot', () => {
  test('speaks for it where no bot is named', () => {
    expect(confined(operations.listSessions, {}, bound)).toEqual({ bot_id: 'hero' });
    expect(confined(operations.stopChat, { chat_id: '1' }, bound)).toMatchObject({
      bot_id: 'hero',
    });
  });

  test('may name it', () => {
    const input = { chat_id: '1', bot_id: 'hero' };
    expect(confined(operations.stopChat, { ...input }, bound)).toEqual(input);
  });

  test.each(['other', 'default', 'HERO', '', 7, ['hero'], null])('may not name %j', (bot_id) => {
    const input = { chat_id: '1', bot_id };
    const act = () => confined(operations.stopChat, input, bound);
    if (bot_id === null) expect(act()).toMatchObject({ bot_id: 'hero' });
    else expect(act).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  test('may do nothing that concerns all bots', () => {
    expect(() => confine(operations.reapSessions, {}, bound)).toThrow(/for the bot hero alone/);
  });

  test('may ask what is nobody’s', () => {
    expect(confined(operations.ping, {}, bound)).toEqual({});
  });
});

test('the owner of all names whom they want', () => {
  expect(confined(operations.listSessions, {}, localOwner)).toEqual({});
  expect(confined(operations.stopChat, { bot_id: 'b' }, localOwner)).toEqual({ bot_id: 'b' });
  expect(confined(operations.reapSessions, {}, localOwner)).toEqual({});
});
