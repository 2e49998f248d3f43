import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkers } from './markers.ts';

const markersOf = (prompt: string) =>
  parseMarkers(prompt).flatMap((segment) => (segment.kind === 'marker' ? [segment.marker] : []));

describe('parseMarkers', () => {
  test('reads markers between plain text', () => {
    expect(parseMarkers('Please [[think:hm]] say [[text:yes]]!')).toEqual([
      { kind: 'plain', raw: 'Please ' },
      { kind: 'marker', raw: '[[think:hm]]', marker: { kind: 'think', text: 'hm' } },
      { kind: 'plain', raw: ' say ' },
      { kind: 'marker', raw: '[[text:yes]]', marker: { kind: 'text', text: 'yes' } },
      { kind: 'plain', raw: '!' },
    ]);
  });

  test('brackets nest inside an argument', () => {
    expect(markersOf('[[bash:[[ -f x ]] && ls]]')).toEqual([
      { kind: 'bash', command: '[[ -f x ]] && ls' },
    ]);
    expect(markersOf('[[text:[1]]]')).toEqual([{ kind: 'text', text: '[1]' }]);
    expect(markersOf('[[text:[[a]]]]')).toEqual([{ kind: 'text', text: '[[a]]' }]);
  });

  test('the input of a tool may hold brackets, and may be left out', () => {
    expect(markersOf('[[tool:mcp__a__b {"x":[[1]],"p":"[[text:y]]"}]] [[tool:Ping]]')).toEqual([
      { kind: 'tool', name: 'mcp__a__b', input: { x: [[1]], p: '[[text:y]]' } },
      { kind: 'tool', name: 'Ping', input: {} },
    ]);
  });

  test('an argument may span lines', () => {
    expect(markersOf('[[text:one\ntwo]]')).toEqual([{ kind: 'text', text: 'one\ntwo' }]);
  });

  test.each([
    '[[unknown]]',
    '[[unknown:x]]',
    '[[Text:x]]',
    '[[text]]',
    '[[text:never closed',
    '[[slow:fast]]',
    '[[status:200]]',
    '[[tool:X {broken]]',
    '[[tool:X [1]]]',
    '[[stop:because]]',
    '[[header:no value]]',
    '[[header:bad name=x]]',
    '[[header:content-length=3]]',
    '[[]] [[ [[ ]]',
  ])('leaves %s as it is', (prompt) => {
    expect(parseMarkers(prompt)).toEqual([{ kind: 'plain', raw: prompt }]);
  });

  test('reads a header with its value as it is', () => {
    expect(markersOf('[[header:Retry-After=1]] [[header:x-a=b=c]]')).toEqual([
      { kind: 'header', name: 'retry-after', value: '1' },
      { kind: 'header', name: 'x-a', value: 'b=c' },
    ]);
  });

  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '[[',
      ']]',
      ']',
      ':',
      '[[text:',
      '[[tool:X {"a":',
      '[[/]]',
      '[[cut]]',
      '[[slow:5',
    ),
  );

  test('never throws and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const prompt = pieces.join('');
        const raw = parseMarkers(prompt).map((segment) => segment.raw);
        expect(raw.join('')).toBe(prompt);
      }),
    );
  });

  test('text without markers comes back unchanged', () => {
    const plain = fc.string({ unit: 'binary', minLength: 1 }).filter((s) => !s.includes('[['));
    fc.assert(
      fc.property(plain, (prompt) => {
        expect(parseMarkers(prompt)).toEqual([{ kind: 'plain', raw: prompt }]);
      }),
    );
  });

  test('a marker is found in any surroundings', () => {
    const plain = fc.string().filter((s) => !s.includes('['));
    const inner = fc.string().filter((s) => !/[[\]]/.test(s));
    fc.assert(
      fc.property(plain, inner, plain, (before, text, after) => {
        expect(markersOf(`${before}[[text:${text}]]${after.replaceAll(']', '')}`)).toEqual([
          { kind: 'text', text },
        ]);
      }),
    );
  });
});
