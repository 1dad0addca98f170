import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execForm, ignoredBy, instruction, parseDockerfile } from './dockerfile.ts';

const DOCKERFILE = `# A comment.
FROM node:24 AS build
RUN npm ci \\
  --ignore-scripts

FROM node:24-slim
COPY --from=build --chown=node:node /app/dist ./dist
HEALTHCHECK --interval=10s CMD ["node", "check.js"]
CMD ["node", "main.js"]
`;

test('a Dockerfile is read stage by stage', () => {
  const [build, last] = parseDockerfile(DOCKERFILE);
  assert.ok(build && last);
  assert.deepEqual([build.image, build.name, last.image, last.name], ['node:24', 'build', 'node:24-slim', '1']);
  assert.deepEqual(build.lines, [{ instruction: 'RUN', flags: {}, rest: 'npm ci --ignore-scripts' }]);
  assert.deepEqual(last.lines[0], { instruction: 'COPY', flags: { from: 'build', chown: 'node:node' }, rest: '/app/dist ./dist' });
  assert.deepEqual(execForm(last, 'CMD'), ['node', 'main.js']);
  assert.deepEqual(execForm(last, 'HEALTHCHECK'), ['node', 'check.js']);
  assert.equal(instruction(last, 'USER'), undefined);
  assert.equal(execForm(build, 'CMD'), null);
});

test('the last pattern that fits decides what stays out of an image', () => {
  const ignored = ignoredBy('*\n!src\n# no\n!tsconfig*.json\nsrc/testing\n**/*.test.ts\n**/.env*\n');
  for (const path of ['README.md', 'node_modules/x/index.js', 'src/testing/app.ts', 'src/a/b.test.ts', '.env', 'src/.env.local', 'srcs']) {
    assert.ok(ignored(path), path);
  }
  for (const path of ['src', 'src/a/b.ts', 'tsconfig.json', 'tsconfig.build.json', 'src/testing.ts']) assert.ok(!ignored(path), path);
  assert.ok(!ignoredBy('')('anything'));
});
