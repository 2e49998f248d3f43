import { oldSystem } from './008-old-system.ts';
import { turns } from './009-turns.ts';
import { access } from './010-access.ts';
import { search } from './011-search.ts';
import { tasks } from './012-tasks.ts';
import { outbox } from './013-outbox.ts';
import { cron } from './014-cron.ts';
import { audit } from './015-audit.ts';
import { laneSessions } from './016-lane-sessions.ts';
import { usage } from './017-usage.ts';
import { deliveryFiles } from './018-delivery-files.ts';
import { reports } from './019-reports.ts';
import { mail } from './020-mail.ts';
import { operating } from './021-operating.ts';
import { tracesAndUsage } from './022-traces-and-usage.ts';
import { page } from './023-page.ts';
import { turnsByMessage } from './024-turns-by-message.ts';
import { awaySteps } from './025-away-steps.ts';
import { conversations } from './026-conversations.ts';
import type { Migration } from './migration.ts';

export { adoptedVersion } from './008-old-system.ts';

/** The steps in order, a file each. One that was released is never edited. */
export const migrations: readonly Migration[] = [
  oldSystem,
  turns,
  access,
  search,
  tasks,
  outbox,
  cron,
  audit,
  laneSessions,
  usage,
  deliveryFiles,
  reports,
  mail,
  operating,
  tracesAndUsage,
  page,
  turnsByMessage,
  awaySteps,
  conversations,
];
