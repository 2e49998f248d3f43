import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { startTestSmtp } from '../../mail/test-smtp-server.ts';
import { checkReports } from './check-reports.ts';

const check = (environment: Record<string, string | undefined>) =>
  checkReports(loadConfig(environment), environment);

test('what is missing for reports is named, with the package that brings it', async () => {
  const environment = { PATH: '/nowhere', XELATEX_BIN: '/nowhere/xelatex' };
  expect(await check(environment)).toMatchObject([
    { id: 'xelatex', state: 'warning', fix: expect.stringContaining('texlive-xetex') },
    { id: 'fonts', state: 'warning', found: expect.stringContaining('fc-list') },
    { id: 'mail', state: 'ok', found: expect.stringContaining('SMTP_URL is not set') },
  ]);
});

test('the mail server is asked, and no password is told', async () => {
  const smtp = await startTestSmtp();
  const url = `smtp://127.0.0.1:${smtp.port}`;
  const mailOf = async (more: Record<string, string>) =>
    (await check({ PATH: '/nowhere', MAIL_TRANSPORT: 'smtp', ...more })).at(-1);
  expect(await mailOf({ SMTP_URL: url })).toMatchObject({ state: 'ok' });
  expect(smtp.taken).toEqual([]);
  await smtp.close();
  const secret = `smtp://ann:a-secret-word@127.0.0.1:${smtp.port}`;
  const found = await mailOf({ SMTP_URL: secret });
  expect(found).toMatchObject({
    state: 'warning',
    found: expect.stringContaining("can't be reached"),
  });
  expect(JSON.stringify(found)).not.toContain('a-secret-word');
  expect(await mailOf({})).toMatchObject({ state: 'warning', fix: 'Set SMTP_URL.' });
});
