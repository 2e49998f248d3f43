import type { StoreSettings } from '../settings.ts';
import { EdgeConfigStore } from './edge-config-store.ts';
import { FileStore } from './file-store.ts';
import type { Store } from './store.ts';

export const openStore = (settings: StoreSettings): Store =>
  settings.kind === 'file' ? new FileStore(settings.path) : new EdgeConfigStore(settings);
