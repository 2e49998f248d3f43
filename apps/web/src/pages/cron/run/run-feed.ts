import { type CronRun, operations, type TurnEvent, TurnId } from '@mini-claude-bot/contract';
import { useMemo, useSyncExternalStore } from 'react';
import { useGateway } from '../../../api/gateway.tsx';
import { TurnFeed } from '../../chats/turn/turn-feed.ts';
import type { TurnView } from '../../chats/turn/turn-view.ts';

/** What a run says while it goes on: one of Claude says more as its turn. */
export function useRunFeed({ id, turn_id }: CronRun): TurnView {
  const client = useGateway();
  const feed = useMemo(() => {
    const turn = TurnId.safeParse(turn_id);
    return new TurnFeed((signal) =>
      turn.success
        ? client.stream(operations.followTurn, { turn_id: turn.data }, signal)
        : outputOf(client.stream(operations.followCronRun, { run_id: id }, signal)),
    );
  }, [client, id, turn_id]);
  return useSyncExternalStore(feed.watch, feed.snapshot);
}

/** What a command writes. Its result, which comes last, is a form of the same, and stands in the history. */
async function* outputOf(events: AsyncIterable<TurnEvent>): AsyncGenerator<TurnEvent> {
  for await (const event of events) if (event.type !== 'done') yield event;
}
