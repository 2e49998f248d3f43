import {
  BotId,
  ChatId,
  DeliveryChannel,
  DeliveryId,
  DeliveryState,
  operations,
} from '@mini-claude-bot/contract';
import { askGateway, givenAs } from '../ask-gateway.ts';
import type { ConfigSources } from '../settings.ts';
import { deliveryText } from './delivery-text.ts';

interface Asked {
  readonly url?: string | undefined;
  readonly json: boolean;
}

export interface ListOptions extends Asked {
  readonly bot?: string | undefined;
  readonly chat?: string | undefined;
  readonly state?: string | undefined;
  readonly channel?: string | undefined;
  readonly limit: string;
}

/** Show deliveries, newest first. @returns exit code */
export async function listDeliveries(
  options: ListOptions,
  sources: ConfigSources,
): Promise<number> {
  const filter = readFilter(options);
  const deliveries = await askGateway(options.url, sources, (client) =>
    client.call(operations.listDeliveries, filter),
  );
  if (options.json) print(`${JSON.stringify(deliveries, undefined, 2)}\n`);
  else if (deliveries.length === 0) print('There are no such deliveries.\n');
  else print(deliveries.map((delivery) => deliveryText(delivery)).join(''));
  return 0;
}

function readFilter({ bot, chat, state, channel, limit }: ListOptions) {
  const { limit: limitSchema } = operations.listDeliveries.input.shape;
  return {
    ...(bot === undefined ? {} : { bot_id: givenAs(BotId, '--bot', bot) }),
    ...(chat === undefined ? {} : { chat_id: givenAs(ChatId, '--chat', chat) }),
    ...(state === undefined ? {} : { state: givenAs(DeliveryState, '--state', state) }),
    ...(channel === undefined ? {} : { channel: givenAs(DeliveryChannel, '--channel', channel) }),
    limit: givenAs(limitSchema, '--limit', Number(limit)),
  };
}

/** Take deliveries up again. @returns exit code: 1 when one of them could not be */
export async function retryDeliveries(
  ids: readonly string[],
  options: Asked,
  sources: ConfigSources,
): Promise<number> {
  const wanted = ids.map((id) => givenAs(DeliveryId, 'The delivery', id));
  const outcomes = await askGateway(options.url, sources, async (client) => {
    const done = [];
    for (const delivery_id of wanted)
      done.push({
        id: delivery_id,
        ...(await client.call(operations.retryDelivery, { delivery_id })),
      });
    return done;
  });
  if (options.json) print(`${JSON.stringify(outcomes, undefined, 2)}\n`);
  else {
    for (const { id, retried } of outcomes)
      print(`${id}  ${retried ? 'is tried again' : 'was delivered already'}\n`);
  }
  return outcomes.every(({ retried }) => retried) ? 0 : 1;
}

const print = (text: string): void => void process.stdout.write(text);
