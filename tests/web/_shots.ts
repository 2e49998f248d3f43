import { mkdirSync } from 'node:fs';
import { operations } from '@mini-claude-bot/contract';
import { startTestGateway } from '../support/test-gateway.ts';
import { addRows, addTasks, addUsage } from './fill-work.ts';
import { accessFaults, PageRig } from './page-rig.ts';

mkdirSync('/tmp/wtshots', { recursive: true });
const gateway = await startTestGateway({
  pageDirectory: process.cwd() + '/apps/web/dist',
  env: { HARNESS_CHAIN_DELAY: '3600', GATEWAY_MIN_FREE_MB: '0' },
});
const rig = await PageRig.start();
try {
  const made = await addTasks(gateway);
  const { dead } = addRows(gateway);
  addUsage(gateway);
  await gateway.client.call(operations.sendMessage, {
    chat_id: 'weekend',
    message: 'Hi [[text:hello]]',
  });
  await gateway.client.call(operations.refreshMetrics, {});
  const paths: [string, string][] = [
    ['overview', '/'],
    ['tasks', '/tasks'],
    ['waiting', `/tasks/${made.waiting}`],
    ['blocked', `/tasks/${made.blocked}`],
    ['failed', `/tasks/${made.failed}`],
    ['completed', `/tasks/${made.completed}`],
    ['issues', '/tasks/issues'],
    ['deliveries', '/tasks/deliveries'],
    ['delivery', `/tasks/deliveries/${dead}`],
    ['audit', '/system/audit'],
    ['settings', '/system/settings'],
    ['search', '/system/search'],
  ];
  const only = process.env.ONLY?.split(',');
  for (const look of [{}, { size: 'phone', language: 'zh', theme: 'dark' }] as const)
    for (const [name, path] of paths) {
      if (only !== undefined && !only.includes(name)) continue;
      const { page, complaints } = await rig.open(gateway.url + path, look);
      await page.locator('h1').waitFor();
      await page.locator('[role=status]').first().waitFor({ state: 'detached' });
      await page.waitForTimeout(700);
      const faults = await accessFaults(page);
      if (faults.length + complaints.length > 0) console.log(name, look, faults, complaints);
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      if (wide !== 0) console.log(name, 'too wide', wide);
      if (process.env.FULL)
        await page.setViewportSize({
          width: 'size' in look ? 390 : 1280,
          height: 'size' in look ? 2000 : 1500,
        });
      await page.screenshot({
        path: `/tmp/wtshots/${name}-${'size' in look ? 'phone' : 'desk'}.png`,
      });
      await rig.closePages();
    }
} finally {
  await rig.close();
  await gateway.stop();
}
