import { oldSystem } from './008-old-system.ts';
import { turns } from './009-turns.ts';
import { access } from './010-access.ts';
import { outbox } from './013-outbox.ts';
import { laneSessions } from './016-lane-sessions.ts';
import { usage } from './017-usage.ts';
import type { Migration } from './migration.ts';

export { adoptedVersion } from './008-old-system.ts';

/** The steps in order, a file each. One that was released is never edited. */
export const migrations: readonly Migration[] = [
  oldSystem,
  turns,
  access,
  outbox,
  laneSessions,
  usage,
];
