import type { TurnEvent } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PackedEvents } from './packed-events.ts';

const content = fc.string({ unit: 'binary', maxLength: 8 });
const event: fc.Arbitrary<TurnEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom('text' as const, 'thinking' as const), content }),
  fc.record({ type: fc.constant('tool' as const), name: fc.string(), content }),
  fc.record({ type: fc.constantFrom('restart' as const, 'notice' as const), content }),
  fc.record({ type: fc.constant('done' as const), content, stopped: fc.constant(true as const) }),
);

test('what is packed comes out as it was', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const packed = new PackedEvents(events);
      expect(packed.length).toBe(events.length);
      expect(events.map((_, index) => packed.at(index))).toEqual(events);
      expect(packed.at(events.length)).toBeUndefined();
    }),
  );
});
