import { type Delivery, DeliveryState } from '@mini-claude-bot/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useGateway } from '../../../api/gateway.tsx';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Select } from '../../../ui/field.tsx';
import { EmptyState, ErrorNotice } from '../../../ui/states.tsx';
import { ListSkeleton, OlderButton } from '../list-parts.tsx';
import { deliveryPagesQuery } from '../task-queries.ts';
import { TasksFrame } from '../tasks-frame.tsx';
import { DeliveryFacts, DeliveryReasonText } from './delivery-facts.tsx';
import { DeliveryStateBadge } from './delivery-state.tsx';
import { RetryButton } from './retry-button.tsx';

/** The outbox: what is told to chats that is no answer to a message, and whether it has arrived. */
export function DeliveriesPage() {
  const words = useWords(taskWords);
  const client = useGateway();
  const { state } = useSearch({ from: '/tasks/deliveries' });
  const navigate = useNavigate({ from: '/tasks/deliveries' });
  const pages = useInfiniteQuery(deliveryPagesQuery(client, state));
  const all = pages.data?.pages.flat() ?? [];
  const isEmpty = pages.isSuccess && all.length === 0;
  return (
    <TasksFrame>
      {(!isEmpty || state !== undefined) && (
        <Select
          aria-label={words.filter}
          className="!w-auto self-start"
          value={state ?? ''}
          choices={[
            { value: '' as const, label: words.anyState },
            ...DeliveryState.options.map((value) => ({
              value,
              label: words.deliveryStates[value],
            })),
          ]}
          onChoose={(chosen) =>
            void navigate({ search: chosen === '' ? {} : { state: chosen }, replace: true })
          }
        />
      )}
      {pages.isPending && <ListSkeleton label={words.deliveries} />}
      {pages.isError && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {isEmpty && state === undefined && (
        <EmptyState icon={Send} title={words.noDeliveries.title}>
          {words.noDeliveries.body}
        </EmptyState>
      )}
      {isEmpty && state !== undefined && (
        <p className="py-10 text-center text-soft text-sm">{words.noneInState}</p>
      )}
      <ul className="flex flex-col gap-2">
        {all.map((delivery) => (
          <li key={delivery.id}>
            <DeliveryItem delivery={delivery} />
          </li>
        ))}
      </ul>
      <OlderButton query={pages} />
    </TasksFrame>
  );
}

function DeliveryItem({ delivery }: { delivery: Delivery }) {
  const words = useWords(taskWords);
  return (
    <article className="relative flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-4 shadow-lift transition-colors hover:border-edge">
      <div className="flex items-start gap-3">
        <h2 className="min-w-0 flex-1 text-sm">
          <Link
            to="/tasks/deliveries/$delivery"
            params={{ delivery: delivery.id }}
            className="line-clamp-2 [overflow-wrap:anywhere] after:absolute after:inset-0 after:rounded-lg"
          >
            <bdi>{delivery.preview.trim() || words.noText}</bdi>
          </Link>
        </h2>
        <DeliveryStateBadge state={delivery.state} reason={delivery.reason} />
      </div>
      <DeliveryReasonText delivery={delivery} />
      <div className="flex flex-wrap items-center gap-3">
        <div className="min-w-0 flex-1">
          <DeliveryFacts delivery={delivery} />
        </div>
        <span className="relative z-10">
          <RetryButton delivery={delivery} />
        </span>
      </div>
    </article>
  );
}
