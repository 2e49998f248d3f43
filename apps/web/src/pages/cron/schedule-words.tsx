import { useQuery } from '@tanstack/react-query';
import { useGateway } from '../../api/gateway.tsx';
import { useSettings } from '../../settings/settings.tsx';
import { previewQuery } from './cron-queries.ts';

/** When a job runs, in words; the expression itself until they are there, or where there are none. */
export function ScheduleWords({ expression }: { expression: string }) {
  const { language } = useSettings();
  const preview = useQuery({
    ...previewQuery(useGateway(), expression, null, 1),
    // The words never change.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return <bdi>{preview.data?.words[language] ?? expression}</bdi>;
}
