import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { DashboardState } from './dashboard-state.ts';

const mark = 'br1:';
/** Much more than a store holds: whoever can write there must not fill the memory. */
const longestBytes = 16 * 1024 * 1024;

/** As one short text: figures of a year become a tenth of what they are. */
export function packState(state: DashboardState): string {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return mark + brotliCompressSync(JSON.stringify(state), { params }).toString('base64');
}

/** @throws where it is not what {@link packState} made */
export function unpackState(packed: unknown): DashboardState {
  if (typeof packed !== 'string' || !packed.startsWith(mark)) throw new Error('it is not packed');
  const bytes = Buffer.from(packed.slice(mark.length), 'base64');
  const text = brotliDecompressSync(bytes, { maxOutputLength: longestBytes }).toString('utf8');
  return DashboardState.parse(JSON.parse(text));
}
