import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: nothing in it to read, and nothing to guess. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** All that the database knows of a token. Random as it is, it needs no slow hash. */
export const digestOf = (token: string): Buffer => createHash('sha256').update(String(token)).digest();
