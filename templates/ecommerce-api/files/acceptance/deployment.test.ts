import { configuration } from './deployment/configuration.ts';
import { draining } from './deployment/draining.ts';
import { infra } from './deployment/infra.ts';
import { platforms } from './deployment/platforms.ts';
import { ready } from './deployment/ready.ts';
import { release } from './deployment/release.ts';
import { worker } from './deployment/worker.ts';
import { makeWorld } from './deployment/world.ts';
import { suite } from './support/suite.ts';

const { leaf } = suite('deployment', makeWorld);

for (const { id, title, body } of [...configuration, ...release, ...ready, ...draining, ...worker, ...platforms, ...infra]) leaf(id, title, body);
