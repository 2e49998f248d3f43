import { type CronIncident, CronJobId, operations } from '@mini-claude-bot/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check, TriangleAlert } from 'lucide-react';
import { useGateway } from '../../api/gateway.tsx';
import { useSayError } from '../../api/use-say-error.ts';
import { cronWords } from '../../i18n/cron.ts';
import { useFormat } from '../../i18n/format.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { useNow } from '../../ui/use-now.ts';
import { incidentsQuery } from './cron-queries.ts';

/** Nobody has seen to it, and it has not mended itself. */
export const isOpen = ({ acknowledged_at, resolved_at }: CronIncident): boolean =>
  acknowledged_at === null && resolved_at === null;

export function Incidents({ incidents }: { incidents: readonly CronIncident[] }) {
  return (
    <ul className="flex flex-col gap-2">
      {incidents.map((incident) => (
        <li key={incident.id}>
          <Incident incident={incident} />
        </li>
      ))}
    </ul>
  );
}

function Incident({ incident }: { incident: CronIncident }) {
  const words = useWords(cronWords);
  const format = useFormat();
  const now = useNow();
  const acknowledge = useAcknowledge();
  const { id, job_id, job_name, kind, message, created_at } = incident;
  const open = isOpen(incident);
  const at = Date.parse(created_at);
  const known = CronJobId.safeParse(job_id).success;
  return (
    <article
      className={cx(
        'flex items-start gap-3 rounded-lg px-4 py-3 text-sm',
        open ? 'bg-warn-wash' : 'border border-line bg-surface',
      )}
    >
      {open ? (
        <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      ) : (
        <Check className="mt-0.5 size-4 shrink-0 text-soft" aria-hidden />
      )}
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-baseline gap-x-2">
          {known ? (
            <Link
              to="/cron/$job"
              params={{ job: String(job_id) }}
              className="min-w-0 break-words font-medium underline decoration-edge underline-offset-4 hover:decoration-current"
            >
              <bdi>{job_name}</bdi>
            </Link>
          ) : (
            <bdi className="min-w-0 break-words font-medium">{job_name}</bdi>
          )}
          <span className={open ? 'text-warn' : 'text-soft'}>{words.incidents.kinds[kind]}</span>
          <time dateTime={created_at} title={format.full(at)} className="text-soft text-xs">
            {format.relative(Math.min(at, now), now)}
          </time>
        </p>
        <p
          dir="auto"
          className="line-clamp-4 whitespace-pre-wrap text-soft [overflow-wrap:anywhere]"
        >
          {message}
        </p>
      </div>
      {open ? (
        <Button
          small
          icon={Check}
          aria-label={words.incidents.acknowledgeOf(job_name)}
          pending={acknowledge.isPending}
          onClick={() => acknowledge.mutate(id)}
        >
          {words.incidents.acknowledge}
        </Button>
      ) : (
        <Badge>
          {incident.resolved_at === null ? words.incidents.acknowledged : words.incidents.resolved}
        </Badge>
      )}
    </article>
  );
}

/** It is shown as seen at once; what the gateway says is read behind it. */
function useAcknowledge() {
  const client = useGateway();
  const queries = useQueryClient();
  const sayError = useSayError();
  const { queryKey } = incidentsQuery(client);
  return useMutation({
    mutationFn: (incident_id: number) =>
      client.call(operations.acknowledgeCronIncident, { incident_id }),
    onSuccess: (seen) =>
      queries.setQueryData(queryKey, (all) => all?.map((one) => (one.id === seen.id ? seen : one))),
    onError: sayError,
    onSettled: () => queries.invalidateQueries({ queryKey }),
  });
}
