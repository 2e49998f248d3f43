import { GatewayError, utf8Length } from '@mini-claude-bot/contract';

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KB`;

/**
 * @param longest bytes
 * @throws GatewayError `message_too_large`
 */
export function checkLength(text: string, longest: number): void {
  const bytes = utf8Length(text);
  if (bytes <= longest) return;
  throw new GatewayError(
    'message_too_large',
    `The message is ${kilobytes(bytes)} long; at most ${kilobytes(longest)} can be sent ` +
      '(GATEWAY_MAX_MESSAGE_KB). Put long material into a file.',
  );
}

/** What comes while the gateway ends. */
export const stoppingError = (): GatewayError =>
  new GatewayError('shutting_down', 'The gateway is stopping. Please send the message again.');
