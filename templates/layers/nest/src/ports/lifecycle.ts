import type { Server } from 'node:http';
import type { Logger } from '../logger.ts';

export interface Running {
  /** Missing where the process answers no requests. */
  readonly server?: Server;
  readonly log: Logger;
  /** Stops the jobs, and gives back everything that they and requests need. */
  readonly close: () => Promise<void>;
}

export abstract class Lifecycle {
  /** Whether a load balancer may still send requests here. */
  abstract accepting(): boolean;

  /** Ends the process in good order when it is asked to stop. */
  abstract attach(running: Running): void;
}
