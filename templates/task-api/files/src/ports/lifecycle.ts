import type { Server } from 'node:http';
import type { Logger } from '../logger.ts';

export interface Running {
  readonly server: Server;
  readonly log: Logger;
  /** Gives back everything that requests need. */
  readonly close: () => Promise<void>;
}

export interface Lifecycle {
  /** Whether a load balancer may still send requests here. */
  readonly accepting: () => boolean;
  /** Ends the process in good order when it is asked to stop. */
  attach(running: Running): void;
}
