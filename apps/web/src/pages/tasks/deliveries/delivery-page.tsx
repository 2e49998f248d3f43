import {
  DeliveryId,
  type DeliveryPart,
  GatewayError,
  type OutputOf,
  type operations,
} from '@mini-claude-bot/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { FileText, MessageSquare, SearchX } from 'lucide-react';
import { useGateway } from '../../../api/gateway.tsx';
import { taskWords } from '../../../i18n/tasks.ts';
import { useWords } from '../../../settings/settings.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { EmptyState, ErrorNotice, Skeleton } from '../../../ui/states.tsx';
import { DetailFrame } from '../detail-frame.tsx';
import { LongText } from '../long-text.tsx';
import { deliveryQuery } from '../task-queries.ts';
import { DeliveryFacts, DeliveryReasonText } from './delivery-facts.tsx';
import { DeliveryStateBadge } from './delivery-state.tsx';
import { RetryButton } from './retry-button.tsx';

type WholeDelivery = OutputOf<typeof operations.getDelivery>;

/** One delivery, with its whole text and what has arrived of it. */
export function DeliveryPage() {
  const { delivery } = useParams({ from: '/tasks/deliveries/$delivery' });
  const id = DeliveryId.safeParse(delivery);
  return id.success ? <KnownDelivery key={id.data} id={id.data} /> : <NoDelivery />;
}

function KnownDelivery({ id }: { id: DeliveryId }) {
  const words = useWords(taskWords);
  const delivery = useQuery(deliveryQuery(useGateway(), id));
  if (delivery.data !== undefined) return <DeliveryView delivery={delivery.data} />;
  const { error } = delivery;
  if (error instanceof GatewayError && error.code === 'not_found') return <NoDelivery />;
  return (
    <DetailFrame back="/tasks/deliveries" backName={words.toDeliveries} title={words.delivery}>
      {delivery.isError ? (
        <ErrorNotice error={error} onRetry={() => void delivery.refetch()} />
      ) : (
        <div role="status" aria-label={words.delivery} className="flex flex-col gap-4">
          <Skeleton className="h-5 w-1/2" />
          <Skeleton className="h-32 rounded-lg" />
        </div>
      )}
    </DetailFrame>
  );
}

function DeliveryView({ delivery }: { delivery: WholeDelivery }) {
  const words = useWords(taskWords);
  const { source } = delivery;
  return (
    <DetailFrame
      back="/tasks/deliveries"
      backName={words.toDeliveries}
      title={words.delivery}
      actions={<DeliveryStateBadge state={delivery.state} reason={delivery.reason} />}
    >
      <div className="flex flex-col gap-3">
        <DeliveryReasonText delivery={delivery} />
        <DeliveryFacts delivery={delivery} />
        <div className="flex flex-wrap items-center gap-3">
          <RetryButton delivery={delivery} />
          {(source.kind === 'task' || source.kind === 'harness') && (
            <Link
              to="/tasks/$task"
              params={{ task: source.id }}
              className="font-medium text-accent text-sm hover:underline"
            >
              {words.itsTask}
            </Link>
          )}
        </div>
      </div>
      <Panel title={words.text}>
        {delivery.text === '' ? (
          <p className="text-soft text-sm">{words.noText}</p>
        ) : (
          <div className="text-sm">
            <LongText text={delivery.text} markdown={delivery.format === 'markdown'} />
          </div>
        )}
      </Panel>
      <Panel title={words.parts}>
        {delivery.parts.length === 0 ? (
          <p className="text-soft text-sm">{words.noParts}</p>
        ) : (
          <ol className="flex flex-col divide-y divide-line">
            {delivery.parts.map((part, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text keep their places
              <li key={index} className="py-2.5 first:pt-0 last:pb-0">
                <Part part={part} />
              </li>
            ))}
          </ol>
        )}
      </Panel>
    </DetailFrame>
  );
}

function Part({ part }: { part: DeliveryPart }) {
  const words = useWords(taskWords);
  const Icon = part.kind === 'document' ? FileText : MessageSquare;
  return (
    <div className="flex items-start gap-2.5 text-sm">
      <Icon className="mt-0.5 size-4 shrink-0 text-soft" aria-hidden />
      <p className="line-clamp-3 min-w-0 flex-1 [overflow-wrap:anywhere]">
        <bdi>{part.text.slice(0, 400) || words.partKinds[part.kind]}</bdi>
      </p>
      <p className="flex shrink-0 flex-col items-end text-soft text-xs">
        <span>{words.deliveryStates[part.state]}</span>
        {part.message_id !== null && (
          <span className="tabular-nums">{words.messageId(part.message_id)}</span>
        )}
        {part.plain && <span>{words.withoutStyles}</span>}
        {part.maybe_duplicate && <span className="text-warn">{words.maybeTwice}</span>}
      </p>
    </div>
  );
}

function NoDelivery() {
  const words = useWords(taskWords);
  return (
    <DetailFrame back="/tasks/deliveries" backName={words.toDeliveries} title={words.delivery}>
      <EmptyState
        icon={SearchX}
        title={words.noDelivery}
        action={
          <Link
            to="/tasks/deliveries"
            className="font-medium text-accent text-sm underline underline-offset-4"
          >
            {words.toDeliveries}
          </Link>
        }
      />
    </DetailFrame>
  );
}
