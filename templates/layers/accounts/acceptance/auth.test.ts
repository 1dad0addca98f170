import { entrance } from './auth/entrance.ts';
import { guessing } from './auth/guessing.ts';
import { profile } from './auth/profile.ts';
import { sessions } from './auth/sessions.ts';
import { tokens } from './auth/tokens.ts';
import { makeWorld } from './auth/world.ts';
import { suite } from './support/suite.ts';

const { leaf } = suite('auth', makeWorld);

for (const { id, title, body } of [...entrance, ...sessions, ...profile, ...tokens, ...guessing]) leaf(id, title, body);
