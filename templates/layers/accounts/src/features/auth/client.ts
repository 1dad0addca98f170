import { isIPv4, isIPv6 } from 'node:net';
import type { Request } from 'express';

const LONGEST_AGENT = 200;

/** What is kept of the program that a session was opened from. */
export interface Client {
  readonly ip: string | null;
  readonly userAgent: string;
}

export function clientOf(request: Request): Client {
  return Object.freeze({ ip: plainAddress(request.ip), userAgent: (request.get('user-agent') ?? '').slice(0, LONGEST_AGENT) });
}

/**
 * Names the network that a request comes from. One customer gets a whole /64 of IPv6, and a limit
 * on single addresses of it would be none.
 */
export function networkOf(request: Request): string {
  const address = plainAddress(request.ip);
  if (!address) return 'unknown';
  return isIPv4(address) ? address : `${firstGroups(address).join(':')}::/64`;
}

// What a proxy hands on is only text, until it has been looked at.
function plainAddress(text: string | undefined): string | null {
  const address = (text ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIPv4(address) || isIPv6(address) ? address : null;
}

const groupsIn = (part: string): readonly string[] => part.split(':').filter(Boolean);

function firstGroups(address: string): readonly string[] {
  // The URL parser knows every way to write an address, and writes each in one way.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const ending = groupsIn(tail ?? '');
  const beginning = groupsIn(head);
  const zeros = Array.from({ length: 8 - beginning.length - ending.length }, () => '0');
  return [...beginning, ...zeros, ...ending].slice(0, 4);
}
