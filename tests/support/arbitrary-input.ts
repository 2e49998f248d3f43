import fc from 'fast-check';
import { z } from 'zod';

/** Values that a schema takes. Fails for a kind of schema that it does not know: teach it here. */
export function validValue(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  return knownValue(schema) ?? unknownSchema(schema);
}

/** Values for a schema, most of which it takes; and some that nobody should send. */
export const anyValue = (schema: z.core.$ZodType): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: validValue(schema) }, { weight: 1, arbitrary: nonsense });

function knownValue(schema: z.core.$ZodType): fc.Arbitrary<unknown> | undefined {
  if (schema instanceof z.ZodOptional)
    return fc.option(validValue(schema.def.innerType), { nil: undefined });
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return fc.option(validValue(schema.def.innerType), { nil: undefined });
  if (schema instanceof z.ZodNullable) return fc.option(validValue(schema.def.innerType));
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodCatch)
    return validValue(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return validValue(schema.def.in);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodUUID) return fc.uuid();
  if (schema instanceof z.ZodISODate) return days.map((day) => day.slice(0, 10));
  if (schema instanceof z.ZodISODateTime) return days;
  if (schema instanceof z.ZodNumber) return numbers(schema);
  if (schema instanceof z.ZodString) return texts(schema);
  if (schema instanceof z.ZodArray) return fc.array(validValue(schema.element), { maxLength: 5 });
  if (schema instanceof z.ZodRecord)
    return fc.dictionary(fc.string({ maxLength: 8 }), validValue(schema.def.valueType), {
      maxKeys: 5,
    });
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(validValue));
  if (schema instanceof z.ZodObject)
    return fc.record(
      Object.fromEntries(
        Object.entries(schema.shape).map(([name, type]) => [name, validValue(type)]),
      ),
    );
  if (schema instanceof z.ZodUnknown || schema instanceof z.ZodAny) return fc.jsonValue();
  return undefined;
}

const days = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString());

function unknownSchema(schema: z.core.$ZodType): never {
  throw new Error(
    `arbitrary-input.ts knows no values for a schema of type ${schema._zod.def.type}`,
  );
}

/** What a schema itself gives for examples: where most texts would be refused. */
export function examplesOf(schema: z.core.$ZodType): string[] {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  if (inner) return examplesOf(schema.def.innerType);
  return z.array(z.string()).safeParse(z.globalRegistry.get(schema)?.examples).data ?? [];
}

function numbers(schema: z.ZodNumber): fc.Arbitrary<number> {
  const min = Math.max(schema.minValue ?? -1e9, -1e9);
  const max = Math.min(schema.maxValue ?? 1e9, 1e9);
  if (schema.format !== 'safeint' && !schema.isInt) return fc.double({ min, max, noNaN: true });
  const [first, last] = [Math.ceil(min), Math.floor(max)];
  // Ids of rows are small: a few of them are of something that is there.
  const low = fc.integer({ min: first, max: Math.min(first + 20, last) });
  return fc.oneof(low, fc.integer({ min: first, max: last }));
}

function texts(schema: z.ZodString): fc.Arbitrary<string> {
  const examples = examplesOf(schema);
  if (examples.length > 0) return fc.constantFrom(...examples);
  const pattern = schema._zod.bag.patterns?.values().next().value;
  if (pattern !== undefined) return fc.stringMatching(pattern);
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ minLength: 1, maxLength: 20 }) },
    { weight: 2, arbitrary: fc.constantFrom('1', 'default', 'general', 'notes', 'a', 'b') },
    { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 80 }) },
  );
}

/** What breaks programs: names of every object, paths, other types, ends of ranges, half characters. */
export const nonsense: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '.',
    '..',
    '../../../../etc/passwd',
    '/etc/passwd',
    'a/b',
    'a\\..\\b',
    '%2e%2e%2f',
    '\0',
    'a\0b',
    '\ud800',
    '\udc00x',
    '\u202e',
    '__proto__',
    'constructor',
    'toString',
    'NaN',
    '-1',
    '1e309',
    '0x10',
    "' OR 1=1 --",
    '"; DROP TABLE turns; --',
    '* NEAR(" AND',
    '$(touch /tmp/x)',
    '`id`',
    '--help',
    '-rf',
    '<script>alert(1)</script>',
    '[[bash:id]]',
    '\r\nx-injected: 1',
    '界'.repeat(86),
    'x'.repeat(5_000),
    0,
    -1,
    -0,
    1.5,
    2 ** 31,
    2 ** 53,
    -(2 ** 63),
    1e308,
    true,
    [],
    {},
    ['a'],
    [[]],
    { __proto__: null },
    { toString: 'x' },
    { length: 1e9 },
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 2 }),
);
