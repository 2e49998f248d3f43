import { expect, test } from 'vitest';
import { parsePs } from './read-ps.ts';

test('pid, parent and marker are read from the lines of ps, zombies left out', () => {
  const output = [
    '    1     0 Ss   /sbin/launchd',
    '  501     1 S    /opt/claude --print HOME=/Users/a MCB_PROCESS_MARKER=gw.1-2-3 PATH=/bin:/usr/bin',
    '12345   501 R+   sh -c echo  two  spaces MCB_PROCESS_MARKER=gw.1-2-3',
    '  502   501 Z    (claude) MCB_PROCESS_MARKER=gw.1-2-3',
    '  503   501 S    grep NOT_MCB_PROCESS_MARKER=gw.9',
    '  504     1 S',
    'no line of ps',
    '',
  ].join('\n');
  expect(parsePs(output)).toEqual([
    { pid: 1, parent: 0, marker: undefined },
    { pid: 501, parent: 1, marker: 'gw.1-2-3' },
    { pid: 12345, parent: 501, marker: 'gw.1-2-3' },
    { pid: 503, parent: 501, marker: undefined },
    { pid: 504, parent: 1, marker: undefined },
  ]);
});
