import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { type Clock, systemClock } from 'mini-claude-bot';
import { expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { startTestGateway } from './support/test-gateway.ts';

const patient = 4_000;

test('a task that takes long shows one message in the chat, and its result takes the place', async () => {
  const telegram = await startFakeTelegram();
  // Time stands still until it is told to go on: how fast the machine is makes no difference.
  const began = Date.now();
  let later = 0;
  const clock: Clock = { ...systemClock, now: () => began + later };
  const gateway = await startTestGateway({
    clock,
    env: { TELEGRAM_API_ROOT: telegram.url, GATEWAY_MIN_FREE_MB: '0' },
  });
  try {
    const chat_id = '1';
    const file = (name: string) => join(gateway.home, 'sessions', 'default', chat_id, name);
    const waitFor = (name: string) => `while test ! -e ${name}; do sleep 0.05; done`;
    const message = `[[bash:touch began; ${waitFor('first')}]] [[/]] [[bash:${waitFor('second')}]] [[/]] [[text:Sorted.]]`;
    await gateway.client.call(operations.startTask, { chat_id, message, bot_token: '7:secret' });
    await eventually('it began', () => existsSync(file('began')), patient);
    expect(telegram.messages).toEqual([]);
    later = 125_000;
    writeFileSync(file('first'), '');
    await eventually('it is shown', () => telegram.messages.length > 0, patient);
    expect(telegram.textsIn(chat_id)).toEqual([
      expect.stringMatching(
        /^Working in the background, for 2 minutes now; 2 steps so far\.\n\nBash /,
      ),
    ]);
    writeFileSync(file('second'), '');
    await eventually(
      'the result is there alone',
      () => {
        const texts = telegram.textsIn(chat_id);
        return texts.length === 1 && texts[0] === 'Sorted.';
      },
      patient,
    );
  } finally {
    await gateway.stop();
    await telegram.close();
  }
}, 240_000);
