import type { ReactNode } from 'react';
import { PageFrame, PageTabs } from '../../app/page-frame.tsx';
import { systemWords } from '../../i18n/system.ts';
import { useWords } from '../../settings/settings.tsx';

export function SystemFrame({ children }: { children: ReactNode }) {
  const words = useWords(systemWords);
  return (
    <PageFrame
      title={words.title}
      tabs={
        <PageTabs
          label={words.title}
          tabs={[
            { to: '/system/settings', label: words.settings },
            { to: '/system/audit', label: words.audit },
            { to: '/system/search', label: words.search },
          ]}
        />
      }
    >
      {children}
    </PageFrame>
  );
}
