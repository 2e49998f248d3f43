import { expect, test } from 'vitest';
import { parseTraceContext, traceContextOf } from './trace-context.ts';

const text = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('what is written is read again', () => {
  const context = parseTraceContext(text);
  expect(context).toMatchObject({ traceFlags: 1, isRemote: true });
  expect(context && traceContextOf(context)).toBe(text);
});

test.each([
  '',
  'nonsense',
  text.toUpperCase(),
  `${text}-more`,
  text.replace('00-', 'ff-'),
  `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
  `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
])('%j is none', (other) => {
  expect(parseTraceContext(other)).toBeUndefined();
});
