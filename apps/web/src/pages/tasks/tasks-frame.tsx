import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useGateway } from '../../api/gateway.tsx';
import { PageFrame, PageTabs } from '../../app/page-frame.tsx';
import { taskWords } from '../../i18n/tasks.ts';
import { useWords } from '../../settings/settings.tsx';
import { deadDeliveriesQuery } from './task-queries.ts';

/** What the lists of tasks, issues and deliveries have around them. */
export function TasksFrame({ actions, children }: { actions?: ReactNode; children: ReactNode }) {
  const words = useWords(taskWords);
  const dead = useQuery(deadDeliveriesQuery(useGateway())).data ?? 0;
  return (
    <PageFrame
      title={words.title}
      actions={actions}
      tabs={
        <PageTabs
          label={words.title}
          tabs={[
            { to: '/tasks', label: words.tasks, exact: true },
            { to: '/tasks/issues', label: words.issues },
            {
              to: '/tasks/deliveries',
              label: words.deliveries,
              count:
                dead === 0
                  ? undefined
                  : { shown: dead > 99 ? '99+' : String(dead), label: words.deadCount(dead) },
            },
          ]}
        />
      }
    >
      {children}
    </PageFrame>
  );
}
