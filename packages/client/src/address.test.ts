import { expect, test } from 'vitest';
import { splitAddress } from './address.ts';

test.each([
  ['http://hero:s3cret@127.0.0.1:8000', 'http://127.0.0.1:8000', 's3cret'],
  ['http://:s3cret@host', 'http://host', 's3cret'],
  ['https://hero:a%2Bb%3D@host:8000/gateway/', 'https://host:8000/gateway', 'a+b='],
  ['http://hero:100%@host', 'http://host', '100%'],
  ['http://hero@host:1', 'http://host:1', undefined],
  ['http://host:8000/', 'http://host:8000/', undefined],
  ['/relative', '/relative', undefined],
  ['', '', undefined],
])('%s', (address, url, token) => {
  expect(splitAddress(address)).toEqual({ url, token });
});
