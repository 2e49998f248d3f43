import { type DashboardSettings, readSettings } from './settings.ts';
import { openStore } from './store/open-store.ts';
import type { Store } from './store/store.ts';

/** What this process serves from. */
export interface Dashboard {
  readonly settings: DashboardSettings;
  readonly store: Store;
}

let opened: Dashboard | undefined;

/** Made when it is first asked for: at build time there are no settings yet. @throws SettingsError */
export function dashboard(): Dashboard {
  if (opened === undefined) {
    const settings = readSettings(process.env);
    opened = { settings, store: openStore(settings.store) };
  }
  return opened;
}

/** What the page is called, also where no other setting can be used. */
export const dashboardTitle = (): string =>
  process.env.DASHBOARD_TITLE?.trim() || 'Mini Claude Bot';
