import { dashboard } from '../../../dashboard.ts';
import { publicView, versionOf } from '../../../public-view.ts';
import { SettingsError } from '../../../settings.ts';
import { StoreError } from '../../../store/store.ts';

export const dynamic = 'force-dynamic';

/** What the page shows, as JSON. Its ETag changes with every push. */
export async function GET(request: Request): Promise<Response> {
  try {
    const { store, settings } = dashboard();
    const state = await store.read();
    if (state === undefined) return refused(404, 'Nothing was pushed yet.');
    const headers = { etag: versionOf(state), 'cache-control': 'no-cache' };
    if (request.headers.get('if-none-match') === headers.etag) {
      return new Response(null, { status: 304, headers });
    }
    return Response.json(publicView(state, settings.staleMs), { headers });
  } catch (error) {
    if (error instanceof StoreError || error instanceof SettingsError) {
      return refused(503, error.message);
    }
    throw error;
  }
}

const refused = (status: number, detail: string): Response =>
  Response.json({ detail }, { status, headers: { 'cache-control': 'no-store' } });
