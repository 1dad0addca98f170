/** Addresses that only identified callers reach, besides those of their accounts. */
export const IDENTIFIED: readonly string[] = ['/v1/cart', '/v1/orders'];
