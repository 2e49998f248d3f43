import { expect, test } from 'vitest';
import { isOf } from './issue-git.ts';

test.each([
  'https://github.com/tea/house.git',
  'https://owner:token@github.com/Tea/House',
  'ssh://git@github.com:22/tea/house.git',
  'git@github.com:tea/house.git',
  'github-at-work:tea/house',
  '/srv/git/anything.git',
  'file:///srv/git/anything.git',
])('%s may be tea/house', (address) => {
  expect(isOf('tea/house', address)).toBe(true);
});

test.each([
  'https://github.com/coffee/house.git',
  'git@github.com:coffee/house.git',
  'git@github.com:tea/house-of-another.git',
  'https://github.com/tea',
  'ssh://git@github.com/coffee/tea/house',
])('%s is another repository', (address) => {
  expect(isOf('tea/house', address)).toBe(false);
});
