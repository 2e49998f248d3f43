import { withoutSecrets } from '@mini-claude-bot/claude';
import pino, { type DestinationStream, type Logger } from 'pino';
import { hidden, KnownSecrets } from '../secrets/known-secrets.ts';
import { LogDestination } from './log-destination.ts';

export type { Logger } from 'pino';

/** Fields that hold a secret, in an object that is logged or in one within it. */
const secretFields = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'token',
  'bot_token',
  'botToken',
  'access_token',
  'refresh_token',
  'secret',
  'api_key',
  'apiKey',
  'pass',
  'passwd',
  'password',
];
const depths = ['', '*', '*.*', '*.*.*'];

/**
 * JSON lines on stderr: stdout is for people. No secret gets into them: neither in a field that is named
 * so, nor what is known to be one or looks like one, wherever it stands.
 */
export const createLogger = (
  level: string,
  secrets: KnownSecrets = new KnownSecrets(),
  destination: DestinationStream = new LogDestination(2),
): Logger =>
  pino(
    {
      level,
      base: null,
      redact: {
        paths: depths.flatMap((depth) => secretFields.map((name) => `${depth}["${name}"]`)),
        censor: hidden,
      },
      hooks: { streamWrite: (line) => withoutSecrets(secrets.hide(line)) },
    },
    destination,
  );
