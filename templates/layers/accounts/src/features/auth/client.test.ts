import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Request } from 'express';
import { clientOf, networkOf } from './client.ts';

const from = (ip: string, agent = '') => ({ ip, get: () => agent }) as unknown as Request;

test('an address of version 4 is a network of its own, however it is written', () => {
  assert.equal(networkOf(from('192.0.2.7')), '192.0.2.7');
  assert.equal(networkOf(from('::ffff:192.0.2.7')), '192.0.2.7');
});

test('the addresses of a customer of version 6 are one network', () => {
  const written = ['2001:db8:1:2::1', '2001:DB8:1:2:ffff:eeee:dddd:cccc', '2001:0db8:0001:0002::192.0.2.7', '2001:db8:1:2::1%eth0'];
  assert.deepEqual(new Set(written.map((ip) => networkOf(from(ip)))), new Set(['2001:db8:1:2::/64']));
  assert.equal(networkOf(from('2001:db8::1')), '2001:db8:0:0::/64');
  assert.equal(networkOf(from('::1')), '0:0:0:0::/64');
});

test('what is no address is kept as none', () => {
  for (const ip of ['', 'unknown', "'; drop table users", '999.1.1.1', '1.2.3.4:80']) {
    assert.equal(networkOf(from(ip)), 'unknown');
    assert.equal(clientOf(from(ip)).ip, null);
  }
});

test('the name of the program is kept, up to a length', () => {
  assert.equal(clientOf(from('::1', 'x'.repeat(5000))).userAgent.length, 200);
});
