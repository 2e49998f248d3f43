import { z } from 'zod';

export const DeliveryState = z
  .enum(['queued', 'sending', 'delivered', 'dead'])
  .describe(
    'queued: waits. sending: begun, and not all of it has arrived. delivered: every part has a message id, or the ' +
      'mail server has taken it. ' +
      'dead: given up; `reason` says why, and `retry` takes it up again.',
  );
export type DeliveryState = z.infer<typeof DeliveryState>;
