import { GatewayError } from '@mini-claude-bot/contract';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { answerErrors } from './error-answers.ts';
import { hideSecrets } from './hide-secrets.ts';

test('a known secret is in no answer, whether it went well or not', async () => {
  const app = Fastify();
  answerErrors(app, 10);
  hideSecrets(app, new KnownSecrets(['secret "canary"']));
  app.get('/answer', () => ({ text: 'a secret "canary"', list: [1, 'secret "canary"'] }));
  app.get('/error', () => {
    throw new GatewayError('conflict', 'The secret "canary" is there already.');
  });
  const [answer, error, missing] = await Promise.all(
    ['/answer', '/error', '/?secret%20%22canary%22'].map((url) => app.inject({ url })),
  );
  expect(answer?.json()).toEqual({ text: 'a [hidden]', list: [1, '[hidden]'] });
  expect(error?.json()).toEqual({ detail: 'The [hidden] is there already.' });
  expect(missing?.payload).not.toContain('canary');
  await app.close();
});
