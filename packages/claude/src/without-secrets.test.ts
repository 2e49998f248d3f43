import { expect, test } from 'vitest';
import { withoutSecrets } from './without-secrets.ts';

test.each([
  ['the key sk-ant-api03-AbC_123-xyz is bad', 'the key sk-… is bad'],
  ['Authorization: Bearer eyJhbGciOi.J9._-x', 'Authorization: Bearer …'],
  ['proxy http://me:pa55word@proxy.local:8080 failed', 'proxy http://…@proxy.local:8080 failed'],
  ['bot 1234567890:AAE-xyz_xyzxyzxyzxyzxyzxyzxyzxyzxy is bad', 'bot … is bad'],
  ['/bot1234567890:AAE-xyz_xyzxyzxyzxyzxyzxyzxyzxyzxy/getMe', '/bot…/getMe'],
  ['at 12:30:00 on 2030', 'at 12:30:00 on 2030'],
  ['{"a":"http://h","b":"c@d"}', '{"a":"http://h","b":"c@d"}'],
  ['ask-me at mail@example.org', 'ask-me at mail@example.org'],
  ['the bearer of news', 'the bearer of news'],
  ['see https://code.claude.com/docs', 'see https://code.claude.com/docs'],
])('%j reads %j', (text, cleaned) => {
  expect(withoutSecrets(text)).toBe(cleaned);
});
