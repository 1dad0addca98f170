/** The pool of connections, with how to close it. */
export const OPEN_POOL = Symbol('open pool');
/** The pool of connections. */
export const POOL = Symbol('pool');
