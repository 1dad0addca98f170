import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { describeApi } from './document.ts';
import { html, prose } from './html.ts';
import { POLICY, renderPage } from './page.ts';
import { platform } from './platform.ts';

const document = describeApi([platform], { description: '<b>anyone</b>', required: false });
const page = renderPage(document);

test('every operation and every schema has its place on the page', () => {
  for (const { id } of platform.operations) assert.ok(page.includes(`id="${id}"`), id);
  for (const name of Object.keys(document.components.schemas)) assert.ok(page.includes(`id="${name}"`), name);
});

test('it needs no script and no other host, and the policy allows its style alone', () => {
  assert.doesNotMatch(page, /<script|<link|<img|src=|https?:/);
  const [, style = ''] = /<style>(.*)<\/style>/s.exec(page) ?? [];
  assert.ok(POLICY.includes(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`));
  assert.match(POLICY, /^default-src 'none';/);
});

test('what is put into markup is text, unless it is markup', () => {
  assert.equal(html`<p title="${`"'`}">${'<&>'}${html`<i>${1}</i>`}${false}${undefined}${['a', 'b']}</p>`.text, '<p title="&quot;&#39;">&lt;&amp;&gt;<i>1</i>ab</p>');
  assert.equal(prose('send `<x>` now').text, 'send <code>&lt;x&gt;</code> now');
  assert.ok(page.includes('&lt;b&gt;anyone'));
});
