/** The log of the service: `@Inject(LOGGER) log: Logger`. */
export const LOGGER = Symbol('logger');
