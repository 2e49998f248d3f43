import { dashboard } from '../../../dashboard.ts';
import { PushGate } from '../../../push/accept-push.ts';
import { SettingsError } from '../../../settings.ts';

const gate = new PushGate();

/** The gateway's metrics, newer than those that are there. */
export async function POST(request: Request): Promise<Response> {
  try {
    const { status, body, headers } = await gate.accept(request, dashboard(), Date.now());
    return Response.json(body, { status, headers: { ...headers, 'cache-control': 'no-store' } });
  } catch (error) {
    if (error instanceof SettingsError) {
      return Response.json({ detail: error.message }, { status: 503 });
    }
    throw error;
  }
}
